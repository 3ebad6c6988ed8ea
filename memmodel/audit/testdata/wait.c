/* The receiver waits; the list's own barrier is in the header. */
#include <linux/compiler.h>
#include <linux/bug.h>
#include <linux/rculist.h>
#include <asm/barrier.h>

struct item {
	int value;
	struct list_head list;
};

static LIST_HEAD(items);
static struct item one;
static int done;

void P0(void)
{
	one.value = 1;
	smp_wmb();
	list_add_rcu(&one.list, &items);
	smp_store_release(&done, 1);
}

void P1(void)
{
	struct item *i;

	while (!smp_load_acquire(&done))
		cpu_relax();
	smp_rmb();
	list_for_each_entry_rcu(i, &items, list)
		BUG_ON(i->value != 1);
	BUG_ON(list_empty(&items));
}
