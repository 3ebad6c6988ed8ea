/* Two threads take numbers, and a third looks at what has one. */
#include <linux/idr.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <crosscall.h>

struct item { int v; };

static DEFINE_IDR(items);
static DEFINE_MUTEX(lock);
int id[2];

static int add(void)
{
	struct item *new = kmalloc(sizeof(*new), GFP_KERNEL);
	int n;

	new->v = 1;
	idr_preload(GFP_KERNEL);
	mutex_lock(&lock);
	n = idr_alloc(&items, new, 1, 0, GFP_NOWAIT);
	mutex_unlock(&lock);
	idr_preload_end();
	return n;
}

void P0(void) { id[0] = add(); }
void P1(void) { id[1] = add(); }

void P2(void)
{
	struct item *p;
	int n;

	rcu_read_lock();
	idr_for_each_entry(&items, p, n)
		assert(p->v == 1);
	rcu_read_unlock();
}

void final(void) { assert(id[0] + id[1] == 3); }
