#include <linux/rculist.h>
#include <linux/spinlock.h>
#include <linux/slab.h>
#include <linux/smp.h>

struct node { int value; struct list_head list; };
LIST_HEAD(head);
DEFINE_SPINLOCK(lock);
struct node a = { .value = 5 };

void init(void)
{
	list_add_rcu(&a.list, &head);
}
void P0(void)
{
	struct node *n = kmalloc(sizeof(*n), GFP_KERNEL);
	unsigned long flags;
	n->value = 7;
	spin_lock_irqsave(&lock, flags);
	list_add_rcu(&n->list, &head);
	spin_unlock_irqrestore(&lock, flags);
}
void P1(void)
{
	struct node *p;
	int sum = 0;
	list_for_each_entry_rcu(p, &head, list)
		sum += p->value;
	assert(sum == 5 || sum == 12);
}
void final(void)
{
	assert(head.next != &head);
}
