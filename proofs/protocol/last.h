/*
 * The end of a call, and the beginning of the next one.
 *
 * CPU 0 has called CPUs 1 and 2. Both run, count down, and the last gives the
 * record back; CPU 0 uses it to call CPU 1.
 *
 * CHECK_RAN asks whether CPU 0 finds done what it has waited for. (The barrier
 * after the wait is the harness's: what becomes of the wait without one is a
 * question of its own.) CHECK_CLEAR asks whether the second call still has the
 * bit that CPU 0 has set.
 */
#define NO_IPIS
#include "harness.h"

void init(void)
{
	under_way(&cfd_data[0], call1, INFO1, CPU(1) | CPU(2), 2);
}

void P0(void)
{
#ifdef CHECK_RAN
	csd_lock_wait(&cfd_data[0].csd);
	smp_mb();
	assert(READ_ONCE(ran1[1]) && READ_ONCE(ran1[2]));
#else
	call_many(&cpu1, call2, INFO2, false);
#endif
}

void P1(void)
{
	generic_smp_call_function_interrupt();
}

void P2(void)
{
	generic_smp_call_function_interrupt();
}

void final(void)
{
#ifdef CHECK_CLEAR
	assert(*cpumask_bits(&cfd_data[0].cpumask) == CPU(1));
	assert(atomic_read(&cfd_data[0].refs) == 1);
#endif
}
