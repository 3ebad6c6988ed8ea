/*
 * A record is filled in for its second call while a CPU still holds it from the
 * first.
 *
 * CPU 0 has called CPUs 1 and 2; CPU 1 is done. CPU 2 walks, finishes the call and
 * takes the record off the list, and CPU 0 uses it for the second call. CPU 1
 * walks for another's sake: it may reach the record at any time of this.
 */
#define NO_IPIS
#include "harness.h"

static const struct cpumask second = { { TARGETS2 } };

void init(void)
{
	under_way(&cfd_data[0], call1, INFO1, CPU(2), 1);
	ran1[1] = 1;
}

void P0(void)
{
	call_many(&second, call2, INFO2, false);
}

void P1(void)
{
	generic_smp_call_function_interrupt();
}

void P2(void)
{
	generic_smp_call_function_interrupt();
}

/* The second call is done by CPU 1, or waits for it with all that it needs. */
void final(void)
{
	struct call_function_data *data = &cfd_data[0];

	must(ran1[2]);
	if (data->csd.flags & CSD_FLAG_LOCK) {
		must(!ran2[1]);
		assert(call_function.queue.next == &data->csd.list);
		assert(call_function.queue.prev == &data->csd.list);
		assert(*cpumask_bits(&data->cpumask) == TARGETS2);
		assert(atomic_read(&data->refs) == 1);
	} else {
		must(ran2[1]);
		assert(list_empty(&call_function.queue));
	}
}
