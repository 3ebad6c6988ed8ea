/*
 * A post by this library's lane: a ring with one writer and one reader. Each publishes
 * its place by a release, and looks at the other's by an acquire: a slot is read only
 * when it is filled, and filled again only when it was read.
 */
#include <linux/atomic.h>
#include <crosscall.h>

int slots[1];
int head, tail; /* posts that were read; that were written */

void P0(void) /* the sender, twice */
{
	for (int i = 0; i < 2; i++) {
		while (i - smp_load_acquire(&head) == 1)
			;
		WRITE_ONCE(slots[0], i + 1);
		smp_store_release(&tail, i + 1);
	}
}

void P1(void) /* the executor, twice */
{
	for (int i = 0; i < 2; i++) {
		while (smp_load_acquire(&tail) == i)
			;
		assert(READ_ONCE(slots[0]) == i + 1);
		smp_store_release(&head, i + 1);
	}
}
