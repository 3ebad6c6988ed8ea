/*
 * A walker stands on a record that is taken off the list and added again. Behind
 * it is another, which the walker must not miss.
 *
 * CPU 0 has called CPUs 1 and 2; CPU 1 is done. CPU 3 has called CPU 1, by the
 * record that is next on the list, and CPU 1 walks: it has its IPI. CPU 2 finishes
 * the first call, and CPU 0 calls CPU 2 again, by the record that CPU 1 may be at.
 */
#define NO_IPIS
#define TARGETS2 CPU(2)
#include "harness.h"

void init(void)
{
	under_way(&cfd_data[3], call3, INFO3, CPU(1), 1);
	under_way(&cfd_data[0], call1, INFO1, CPU(2), 1);
	ran1[1] = 1;
}

void P0(void)
{
	call_many(&cpu2, call2, INFO2, false);
}

void P1(void)
{
	generic_smp_call_function_interrupt();
	assert(ran3[1]);
}

void P2(void)
{
	generic_smp_call_function_interrupt();
}
