/*
 * CPU 0 calls CPU 1, for which an IPI of CPU 2 is pending: the two become one. CPU 1
 * is interrupted once, by what it takes for CPU 2's; it must find CPU 0's call.
 */
#define MERGED 2
#include "harness.h"

#define PENDING ipis[1][0]

void P0(void)
{
	call_many(&cpu1, call1, INFO1, false);
}

void P1(void)
{
	wait_for_ipi(0, MERGED);
	generic_smp_call_function_interrupt();
}

void P2(void)
{
	WRITE_ONCE(PENDING, MERGED);
}

/* If CPU 0's IPI came after CPU 2's, there is another interrupt to come. */
void final(void)
{
	assert(PENDING != MERGED || ran1[1]);
}
