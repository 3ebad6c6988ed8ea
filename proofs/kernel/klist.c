/* lib/klist.c: a list whose nodes are counted, and removed from it while others walk. */
#include "lib/klist.c"
#include "lib/refcount.c"
#include <linux/slab.h>
#include <crosscall.h>

/* A node that is walked over is not freed before the walk has left it. */
struct item { struct klist_node node; int v; struct kref ref; };
static struct klist list;

static void item_free(struct kref *r) { kfree(container_of(r, struct item, ref)); }
static void item_get(struct klist_node *n) { kref_get(&container_of(n, struct item, node)->ref); }
static void item_put(struct klist_node *n) { kref_put(&container_of(n, struct item, node)->ref, item_free); }
static struct item *first;

void init(void)
{
	klist_init(&list, item_get, item_put);
	first = kmalloc(sizeof(*first), GFP_KERNEL);
	first->v = 7;
	kref_init(&first->ref);
	klist_add_tail(&first->node, &list);
}

void P0(void)
{
	struct klist_iter i;
	struct klist_node *n;

	klist_iter_init(&list, &i);
	while ((n = klist_next(&i)))
		assert(container_of(n, struct item, node)->v == 7);
	klist_iter_exit(&i);
}

void P1(void)
{
#ifdef REMOVE
	klist_remove(&first->node); /* and wait until nobody walks over it */
#else
	klist_del(&first->node);
#endif
	kref_put(&first->ref, item_free);
}
