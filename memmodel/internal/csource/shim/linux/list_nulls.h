#ifndef __SHIM_LINUX_LIST_NULLS_H
#define __SHIM_LINUX_LIST_NULLS_H

/* Lists whose end is an odd number that says which list it is. */
#include <linux/kernel.h>
#include <linux/poison.h>

struct hlist_nulls_node { struct hlist_nulls_node *next, **pprev; };
struct hlist_nulls_head { struct hlist_nulls_node *first; };
#define NULLS_MARKER(n) (1UL | (((long)(n)) << 1))
#define INIT_HLIST_NULLS_HEAD(h, n) ((void)((h)->first = (struct hlist_nulls_node *)NULLS_MARKER(n)))
#define hlist_nulls_entry(p, type, member) container_of(p, type, member)
#define is_a_nulls(p) ((int)((unsigned long)(p) & 1))
#define get_nulls_value(p) (((unsigned long)(p)) >> 1)
#define hlist_nulls_unhashed(n) (!(n)->pprev)
#define hlist_nulls_empty(h) is_a_nulls(READ_ONCE((h)->first))

static inline void hlist_nulls_add_head(struct hlist_nulls_node *n, struct hlist_nulls_head *h)
{
	struct hlist_nulls_node *first = h->first;

	n->next = first;
	WRITE_ONCE(n->pprev, &h->first);
	h->first = n;
	if (!is_a_nulls(first))
		WRITE_ONCE(first->pprev, &n->next);
}
static inline void __hlist_nulls_del(struct hlist_nulls_node *n)
{
	struct hlist_nulls_node *next = n->next;
	struct hlist_nulls_node **pprev = n->pprev;

	WRITE_ONCE(*pprev, next);
	if (!is_a_nulls(next))
		WRITE_ONCE(next->pprev, pprev);
}
static inline void hlist_nulls_del(struct hlist_nulls_node *n)
{
	__hlist_nulls_del(n);
	WRITE_ONCE(n->pprev, (struct hlist_nulls_node **)LIST_POISON2);
}
#define hlist_nulls_for_each_entry(p, n, head, member) \
	for (n = (head)->first; !is_a_nulls(n) && ({ p = hlist_nulls_entry(n, __typeof__(*p), member); 1; }); n = n->next)

#endif
