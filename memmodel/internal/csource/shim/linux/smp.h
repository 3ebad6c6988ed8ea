#ifndef __SHIM_LINUX_SMP_H
#define __SHIM_LINUX_SMP_H

#include <linux/cpumask.h>

#define smp_processor_id() __cc_cpu()
#define raw_smp_processor_id() __cc_cpu()
#define get_cpu() __cc_cpu()
#define put_cpu() ((void)0)

#endif
