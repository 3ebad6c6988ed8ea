/*
 * A list without a lock: two threads push, one takes all. The assertion says that it
 * never gets both; the picture shows how it does.
 */
#include <linux/llist.h>
#include <crosscall.h>

struct item {
	int value;
	struct llist_node node;
} items[2];

LLIST_HEAD(head);

static void push(int i)
{
	items[i].value = i + 1;
	llist_add(&items[i].node, &head);
}

void P0(void) { push(0); }
void P1(void) { push(1); }

void P2(void)
{
	int sum = 0;
	struct llist_node *at = llist_del_all(&head);

	while (at) {
		sum += llist_entry(at, struct item, node)->value;
		at = at->next;
	}
	assert(sum != 3);
}
