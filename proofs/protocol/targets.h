/*
 * CPU 0 calls CPUs 1 and 2, which walk the list for another's sake meanwhile.
 * CHECK_SAME and CHECK_NOT_EMPTY are what the layer below may ask of its mask.
 */
#include "harness.h"

void P0(void)
{
	call_many(&cpus12, call1, INFO1, false);
}

void P1(void)
{
	generic_smp_call_function_interrupt();
}

void P2(void)
{
	generic_smp_call_function_interrupt();
}
