/* include/linux/rculist.h: lists that are read without a lock. */
#include <linux/rculist.h>
#include <linux/slab.h>
#include <crosscall.h>

/* A reader finds whole items, and what is taken off stays while a reader is on it. */
static LIST_HEAD(list);
static struct item { struct list_head node; int data; } *first;

void init(void)
{
	first = kzalloc(sizeof(*first), GFP_KERNEL);
	first->data = 1;
	list_add(&first->node, &list);
}

void P0(void)
{
	struct item *i = kzalloc(sizeof(*i), GFP_KERNEL);

	i->data = 2;
	list_add_rcu(&i->node, &list);
	list_del_rcu(&first->node);
	synchronize_rcu();
	kfree(first);
}

void P1(void)
{
	struct item *i;
	int last = 3;

	rcu_read_lock();
	list_for_each_entry_rcu(i, &list, node) {
		assert(i->data == 1 || i->data == 2);
		assert(i->data < last);
		last = i->data;
	}
	rcu_read_unlock();
	assert(last < 3);
}
