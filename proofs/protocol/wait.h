/*
 * CPU 0 calls CPU 1 and waits. Then it reads what the function has written.
 */
#include "harness.h"

static int answer;

static void work_it_out(void *info)
{
	answer = 42;
}

void P0(void)
{
	call_many(&cpu1, work_it_out, NULL, true);
	assert(answer == 42);
}

void P1(void)
{
	wait_for_ipi(0, 1);
	generic_smp_call_function_interrupt();
}
