/*
 * CPU 0 calls CPU 1. When CPU 1 is interrupted, it must find the call.
 */
#include "harness.h"

void P0(void)
{
	call_many(&cpu1, call1, INFO1, false);
}

void P1(void)
{
	wait_for_ipi(0, 1);
	generic_smp_call_function_interrupt();
	assert(ran1[1]);
}
