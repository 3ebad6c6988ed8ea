/*
 * Three targets. CPU 0 calls CPUs 1, 2 and 3, and waits.
 */
#define TARGETS1 (CPU(1) | CPU(2) | CPU(3))
#include "harness.h"

static const struct cpumask cpus123 = { { TARGETS1 } };

static inline void serve(void)
{
	wait_for_ipi(0, 1);
	generic_smp_call_function_interrupt();
}

void P0(void)
{
	call_many(&cpus123, call1, INFO1, true);
	smp_mb(); /* the harness's: see wait.h */
	assert(READ_ONCE(ran1[1]) && READ_ONCE(ran1[2]) && READ_ONCE(ran1[3]));
}

void P1(void)
{
	serve();
}

void P2(void)
{
	serve();
}

void P3(void)
{
	serve();
}

void final(void)
{
	assert(list_empty(&call_function.queue));
	assert(!cfd_data[0].csd.flags);
}
