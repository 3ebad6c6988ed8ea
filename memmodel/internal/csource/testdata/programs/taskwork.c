// Work is added to a task until it exits: each is done once, by the task or by who adds.
#include <linux/atomic.h>
struct work { struct work *next; int done; };
struct work *works, a, b, gone;
static int add(struct work *w)
{
	struct work *head = READ_ONCE(works);
	do {
		if (head == &gone)
			return 0;
		w->next = head;
	} while (!try_cmpxchg(&works, &head, w));
	return 1;
}
void P0(void)
{
	struct work *w, *to;
	for (;;) {
		w = READ_ONCE(works);
		do {
			to = w ? 0 : &gone;
		} while (!try_cmpxchg(&works, &w, to));
		if (!w)
			break;
		for (; w; w = w->next)
			w->done++;
	}
}
void P1(void) { if (!add(&a)) a.done++; }
void P2(void) { if (!add(&b)) b.done++; }
void final(void) { BUG_ON(a.done != 1 || b.done != 1); }
