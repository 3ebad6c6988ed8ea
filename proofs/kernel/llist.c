/* lib/llist.c: lists without locks. */
#include "lib/llist.c"
#include <crosscall.h>

/* What is added is found once, by one of those that take, with what was written to it
 * before. */
struct item { struct llist_node node; int data, taken; } a, b;
LLIST_HEAD(list);

static void add(struct item *i) { i->data = 1; llist_add(&i->node, &list); }

static void take(struct llist_node *n)
{
	struct item *i;

	llist_for_each_entry(i, n, node) {
		assert(i->data == 1);
		i->taken++;
	}
}

void P0(void) { add(&a); }
void P1(void) { add(&b); }
void P2(void) { take(llist_del_all(&list)); }
void final(void)
{
	take(llist_reverse_order(llist_del_all(&list)));
	assert(a.taken == 1 && b.taken == 1);
}
