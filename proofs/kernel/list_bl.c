/* include/linux/list_bl.h: a list whose first pointer has a lock in its lowest bit. */
#include <linux/list_bl.h>
#include <crosscall.h>

/* What is added under the lock is on the list, and can be taken off. */
static struct hlist_bl_head head;
static struct item { struct hlist_bl_node node; int data; } a, b;

static int length(void)
{
	struct hlist_bl_node *pos;
	struct item *i;
	int n = 0;

	hlist_bl_for_each_entry(i, pos, &head, node) {
		assert(i->data == 1);
		n++;
	}
	return n;
}

static void add(struct item *i)
{
	hlist_bl_lock(&head);
	i->data = 1;
	hlist_bl_add_head(&i->node, &head);
	hlist_bl_unlock(&head);
}

void P0(void) { add(&a); }
void P1(void)
{
	add(&b);
	hlist_bl_lock(&head);
	assert(length() >= 1);
	hlist_bl_del_init(&b.node);
	hlist_bl_unlock(&head);
}
void final(void) { assert(length() == 1 && hlist_bl_first(&head) == &a.node); }
