#ifndef __SHIM_ASM_SMP_H
#define __SHIM_ASM_SMP_H

#include <linux/kernel.h>

struct cpumask;
void arch_send_call_function_ipi_mask(const struct cpumask *mask);
void arch_send_call_function_single_ipi(int cpu);
#define raw_smp_processor_id() __cc_cpu()

#endif
