#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <crosscall.h>

struct item { struct rb_node node; int key; };

static struct rb_root tree = RB_ROOT;
static DEFINE_SPINLOCK(lock);
static struct item items[4];

static void insert(struct item *x)
{
	struct rb_node **link = &tree.rb_node, *parent = NULL;

	spin_lock(&lock);
	while (*link) {
		parent = *link;
		link = x->key < rb_entry(parent, struct item, node)->key ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&x->node, parent, link);
	rb_insert_color(&x->node, &tree);
	spin_unlock(&lock);
}

void init(void)
{
	for (int i = 0; i < 4; i++)
		items[i].key = i;
	insert(&items[2]);
}

void P0(void)
{
	insert(&items[0]);
	insert(&items[3]);
}

void P1(void)
{
	insert(&items[1]);
	spin_lock(&lock);
	rb_erase(&items[2].node, &tree);
	spin_unlock(&lock);
}

void final(void)
{
	int want[] = { 0, 1, 3 }, n = 0;

	for (struct rb_node *p = rb_first(&tree); p; p = rb_next(p))
		assert(rb_entry(p, struct item, node)->key == want[n++]);
	assert(n == 3);
}
