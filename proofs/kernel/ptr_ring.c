/* include/linux/ptr_ring.h: a ring of pointers, with a lock on each side. */
#include <linux/ptr_ring.h>
#include <crosscall.h>

/* A consumer gets what the producer has put in, in order, with what it points at; a ring
 * that is full takes no more. */
static void *slots[2];
static struct ptr_ring ring = { .queue = slots, .size = 2, .batch = 1 };
int a, b;

void P0(void)
{
	a = 1;
	BUG_ON(ptr_ring_produce(&ring, &a));
	b = 2;
	BUG_ON(ptr_ring_produce(&ring, &b));
}

void P1(void)
{
	int *p = ptr_ring_consume(&ring), *q = ptr_ring_consume(&ring);

	assert(!p || p == &a && *p == 1 || p == &b);
	assert(!q || *q == (q == &a ? 1 : 2));
	assert(!p || q != &a);
}
