/*
 * The caller's mask is the CPUs that use something, and a CPU that no longer uses
 * it takes its own bit away: as with mm_cpumask. CPU 0 calls those CPUs and waits.
 * With CONSTANT_MASK nobody takes a bit away.
 */
#include "harness.h"

static struct cpumask users = { { CPU(1) | CPU(2) } };

/* Step 1: a call to none, or to one, does without a record. */
static void smp_call_function_many(const struct cpumask *mask,
				   smp_call_func_t func, void *info, bool wait)
{
	if (READ_ONCE(*cpumask_bits(mask)) == (CPU(1) | CPU(2)))
		call_many(mask, func, info, wait);
}

static inline void use_no_longer(void)
{
#ifndef CONSTANT_MASK
	cpumask_clear_cpu(smp_processor_id(), &users);
#endif
}

void P0(void)
{
	smp_call_function_many(&users, call1, INFO1, true);
}

void P1(void)
{
	use_no_longer();
	wait_for_ipi(0, 1);
	generic_smp_call_function_interrupt();
}

void P2(void)
{
	use_no_longer();
	wait_for_ipi(0, 1);
	generic_smp_call_function_interrupt();
}
