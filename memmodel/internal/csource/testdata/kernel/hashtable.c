/* models: lkmm; twins: 1 */
#include <linux/hashtable.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <crosscall.h>

static DEFINE_HASHTABLE(table, 1);
static DEFINE_SPINLOCK(lock);
struct entry { int key, value; struct hlist_node node; struct rcu_head rcu; };

void P0(void)
{
	struct entry *e = kzalloc(sizeof(*e), GFP_KERNEL);

	e->key = 3;
	e->value = 1;
	spin_lock(&lock);
	hash_add_rcu(table, &e->node, e->key);
	spin_unlock(&lock);
	spin_lock(&lock);
	hash_del_rcu(&e->node);
	spin_unlock(&lock);
#if BROKEN == 1
	kfree(e);
#else
	kfree_rcu(e, rcu);
#endif
}

void P1(void)
{
	struct entry *e;

	rcu_read_lock();
	hash_for_each_possible_rcu(table, e, node, 3)
		if (e->key == 3)
			assert(e->value == 1);
	rcu_read_unlock();
}
