#ifndef __SHIM_LINUX_SMP_H
#define __SHIM_LINUX_SMP_H

#include <linux/cpumask.h>

#define smp_processor_id() __cc_cpu()
#define raw_smp_processor_id() __cc_cpu()
#define get_cpu() __cc_cpu()
#define put_cpu() ((void)0)

/* A function that another CPU runs, in an interrupt: a thread of its own, that has that
 * CPU's number. */
typedef void (*smp_call_func_t)(void *info);
#define smp_call_function_single(cpu, f, info, wait) ({ \
	long __smp_call = __cc_defer((f), (void *)(info), (cpu)); \
	if (wait) \
		__cc_await(__smp_call); \
	0; })

#endif
