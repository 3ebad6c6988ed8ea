/*
 * Two senders. CPU 0 and CPU 1 each call CPU 2, and wait. CPU 2 walks at the IPI of
 * CPU 0 and then at that of CPU 1; it may find either call at the other's.
 */
#define TARGETS1 CPU(2)
#define TARGETS2 CPU(2)
#include "harness.h"

void P0(void)
{
	call_many(&cpu2, call1, INFO1, true);
	smp_mb(); /* the harness's: see wait.h */
	assert(READ_ONCE(ran1[2]));
}

void P1(void)
{
	call_many(&cpu2, call2, INFO2, true);
	smp_mb();
	assert(READ_ONCE(ran2[2]));
}

void P2(void)
{
	wait_for_ipi(0, 1);
	generic_smp_call_function_interrupt();
	wait_for_ipi(1, 1);
	generic_smp_call_function_interrupt();
}

/* Both records are free, and off the list. */
void final(void)
{
	assert(list_empty(&call_function.queue));
	assert(!cfd_data[0].csd.flags && !cfd_data[1].csd.flags);
}
