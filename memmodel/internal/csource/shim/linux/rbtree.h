#ifndef __SHIM_LINUX_RBTREE_H
#define __SHIM_LINUX_RBTREE_H

/* A tree in order, with the kernel's functions. It is not balanced: nodes are not turned
 * around, so the tree is as high as the order of the insertions makes it. */
#include <linux/kernel.h>
#include <linux/rcupdate.h>

struct rb_node { struct rb_node *__rb_parent, *rb_left, *rb_right; };
struct rb_root { struct rb_node *rb_node; };
struct rb_root_cached { struct rb_root rb_root; };
#define RB_ROOT (struct rb_root) { NULL }
#define RB_ROOT_CACHED (struct rb_root_cached) { { NULL } }
#define rb_entry(p, type, member) container_of(p, type, member)
#define rb_entry_safe(p, type, member) ({ struct rb_node *__rb = (p); __rb ? rb_entry(__rb, type, member) : NULL; })
#define rb_parent(n) ((n)->__rb_parent)
#define RB_EMPTY_ROOT(root) (READ_ONCE((root)->rb_node) == NULL)
#define RB_EMPTY_NODE(n) ((n)->__rb_parent == (n))
#define RB_CLEAR_NODE(n) ((n)->__rb_parent = (n))

static inline void rb_link_node(struct rb_node *n, struct rb_node *parent, struct rb_node **link)
{
	n->__rb_parent = parent;
	n->rb_left = n->rb_right = NULL;
	*link = n;
}

static inline void rb_link_node_rcu(struct rb_node *n, struct rb_node *parent, struct rb_node **link)
{
	n->__rb_parent = parent;
	n->rb_left = n->rb_right = NULL;
	rcu_assign_pointer(*link, n);
}
#define rb_insert_color(n, root) ((void)(n), (void)(root))
#define rb_insert_color_cached(n, root, leftmost) ((void)(n), (void)(root), (void)(leftmost))

static inline void __rb_put(struct rb_root *root, struct rb_node *old, struct rb_node *new)
{
	struct rb_node *parent = old->__rb_parent;

	if (!parent)
		WRITE_ONCE(root->rb_node, new);
	else if (parent->rb_left == old)
		WRITE_ONCE(parent->rb_left, new);
	else
		WRITE_ONCE(parent->rb_right, new);
	if (new)
		new->__rb_parent = parent;
}

static inline void rb_erase(struct rb_node *n, struct rb_root *root)
{
	struct rb_node *next;

	if (!n->rb_left || !n->rb_right) {
		__rb_put(root, n, n->rb_left ? n->rb_left : n->rb_right);
		return;
	}
	for (next = n->rb_right; next->rb_left; next = next->rb_left)
		;
	if (next != n->rb_right) {
		__rb_put(root, next, next->rb_right);
		next->rb_right = n->rb_right;
		next->rb_right->__rb_parent = next;
	}
	next->rb_left = n->rb_left;
	next->rb_left->__rb_parent = next;
	__rb_put(root, n, next);
}
#define rb_erase_init(n, root) (rb_erase((n), (root)), (void)RB_CLEAR_NODE(n))
#define rb_erase_cached(n, root) rb_erase((n), &(root)->rb_root)

static inline void rb_replace_node(struct rb_node *victim, struct rb_node *new, struct rb_root *root)
{
	*new = *victim;
	if (victim->rb_left)
		victim->rb_left->__rb_parent = new;
	if (victim->rb_right)
		victim->rb_right->__rb_parent = new;
	__rb_put(root, victim, new);
}

#define __RB_WALKS(first, next, down, up) \
static inline struct rb_node *first(const struct rb_root *root) \
{ \
	struct rb_node *n = root->rb_node; \
\
	while (n && n->down) \
		n = n->down; \
	return n; \
} \
static inline struct rb_node *next(const struct rb_node *n) \
{ \
	struct rb_node *m; \
\
	if (n->up) { \
		for (m = n->up; m->down; m = m->down) \
			; \
		return m; \
	} \
	while ((m = n->__rb_parent) && n == m->up) \
		n = m; \
	return m; \
}
__RB_WALKS(rb_first, rb_next, rb_left, rb_right)
__RB_WALKS(rb_last, rb_prev, rb_right, rb_left)
#define rb_first_cached(root) rb_first(&(root)->rb_root)

static inline void rb_add(struct rb_node *n, struct rb_root *tree, bool (*less)(struct rb_node *, const struct rb_node *))
{
	struct rb_node **link = &tree->rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		link = less(n, parent) ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(n, parent, link);
}

static inline struct rb_node *rb_find(const void *key, const struct rb_root *tree, int (*cmp)(const void *, const struct rb_node *))
{
	struct rb_node *n = tree->rb_node;
	int c;

	while (n && (c = cmp(key, n)))
		n = c < 0 ? n->rb_left : n->rb_right;
	return n;
}

#endif
