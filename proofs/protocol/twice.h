/*
 * The life of a record: two calls, from beginning to end.
 *
 * CPU 0 calls CPUs 1 and 2, and then CPU 1 alone; it waits for both. CPUs 1 and 2
 * walk at each of their IPIs. With UNASKED, CPU 1 walks once for another's sake
 * before; a call that it finds then may cost its IPI.
 */
#include "harness.h"

void P0(void)
{
	struct call_function_data *data = &cfd_data[0];

	call_many(&cpus12, call1, INFO1, false);
	call_many(&cpu1, call2, INFO2, true);
	smp_mb(); /* the harness's: see wait.h */
	assert(READ_ONCE(ran1[1]) && READ_ONCE(ran1[2]) && READ_ONCE(ran2[1]));
	assert(list_empty(&call_function.queue));
	assert(cpumask_empty(&data->cpumask) && !atomic_read(&data->refs));
}

void P1(void)
{
#ifdef UNASKED
	generic_smp_call_function_interrupt();
#endif
	wait_for_ipi(0, 1);
	generic_smp_call_function_interrupt();
	wait_for_ipi(0, 2);
	generic_smp_call_function_interrupt();
}

void P2(void)
{
	wait_for_ipi(0, 1);
	generic_smp_call_function_interrupt();
}
