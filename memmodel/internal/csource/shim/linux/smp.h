#ifndef __SHIM_LINUX_SMP_H
#define __SHIM_LINUX_SMP_H

#include <linux/cpumask.h>
#include <linux/err.h>
#include <asm/barrier.h>

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
/* Calls of up to 4 CPUs other than this one, or of all of a mask. smp_call_function_many is
 * missing: programs define it. */
#define __smp_call_one(cpu, here, m, f, info, wait) do { \
	if ((cpu) < NR_CPUS && ((here) || (cpu) != __cc_cpu()) && cpumask_test_cpu((cpu), (m))) \
		smp_call_function_single((cpu), f, info, wait); \
} while (0)
#define __smp_call_each(here, m, f, info, wait) do { \
	_Static_assert(NR_CPUS <= 4, "calls of more than 4 CPUs are not supported: define NR_CPUS"); \
	const struct cpumask *__smp_mask = (m); \
	__smp_call_one(0, here, __smp_mask, f, info, wait); \
	__smp_call_one(1, here, __smp_mask, f, info, wait); \
	__smp_call_one(2, here, __smp_mask, f, info, wait); \
	__smp_call_one(3, here, __smp_mask, f, info, wait); \
} while (0)
#define smp_call_function(f, info, wait) __smp_call_each(0, cpu_online_mask, f, info, wait)
#define on_each_cpu(f, info, wait) __smp_call_each(1, cpu_online_mask, f, info, wait)
#define on_each_cpu_mask(m, f, info, wait) __smp_call_each(1, m, f, info, wait)

/* Calls with a record of the caller's, which is busy until the function has been called. */
struct __call_single_data { smp_call_func_t func; void *info; int __busy; };
typedef struct __call_single_data call_single_data_t;
#define CSD_INIT(f, i) { .func = (f), .info = (i) }
#define INIT_CSD(csd, f, i) do { (csd)->func = (f); (csd)->info = (i); } while (0)
static void __csd_run(void *p)
{
	struct __call_single_data *csd = p;
	smp_call_func_t f = csd->func;
	void *info = csd->info;

	smp_store_release(&csd->__busy, 0);
	f(info);
}
#define smp_call_function_single_async(cpu, csd) ({ \
	struct __call_single_data *__csd = (csd); \
	int __csd_busy = smp_load_acquire(&__csd->__busy); \
	if (!__csd_busy) { \
		WRITE_ONCE(__csd->__busy, 1); \
		__cc_defer(__csd_run, (void *)__csd, (cpu)); \
	} \
	__csd_busy ? -EBUSY : 0; })

#endif
