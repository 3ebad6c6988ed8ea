/*
 * A ticket lock. A thread takes a number and waits until it is served. Which of the
 * orders are needed? Ask the audit.
 */
#include <linux/atomic.h>
#include <crosscall.h>

atomic_t next = ATOMIC_INIT(0);
int serving, count;

static void increment(void)
{
	int ticket = atomic_fetch_add_relaxed(1, &next);

	while (smp_load_acquire(&serving) != ticket)
		;
	count++;
	smp_store_release(&serving, ticket + 1);
}

void P0(void) { increment(); }
void P1(void) { increment(); }

void final(void)
{
	assert(count == 2);
}
