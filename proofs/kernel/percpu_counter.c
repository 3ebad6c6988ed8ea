/* lib/percpu_counter.c: a count in parts, which are added up every now and then. */
#include "lib/percpu_counter.c"
#include <crosscall.h>

/* A sum that is taken while others count is between what it was and what it is to be. */
static struct percpu_counter count;

void init(void)
{
	percpu_counter_init(&count, 0, GFP_KERNEL);
	percpu_counter_batch = 2;
}

void P0(void)
{
	percpu_counter_add(&count, 1);
	percpu_counter_add(&count, 1);
}

void P1(void) { percpu_counter_add(&count, 1); }

void P2(void)
{
	s64 sum = percpu_counter_sum(&count);

	assert(sum >= 0 && sum <= 3);
}

void final(void) { assert(percpu_counter_sum(&count) == 3); }
