// Function pointers, container_of, lists, the heap.
#include <linux/list.h>
#include <linux/slab.h>
struct work { void (*func)(struct work *); struct list_head entry; int arg[2]; };
LIST_HEAD(todo);
int sum;

static void plus(struct work *w) { sum += w->arg[0]; }
static void minus(struct work *w) { sum -= w->arg[1]; }
static struct work first = { .func = plus, .arg = { 1, 2 } };

void init(void) { list_add(&first.entry, &todo); }

void P0(void)
{
	struct work *w = kzalloc(sizeof(*w), GFP_KERNEL);

	w->func = minus;
	list_add_tail(&w->entry, &todo);
}

void P1(void)
{
	struct work *w, *n;

	list_for_each_entry_safe(w, n, &todo, entry) {
		list_del(&w->entry);
		w->func(w);
		if (w != &first)
			kfree(w);
	}
}

void final(void) { BUG_ON(sum > 1); }
