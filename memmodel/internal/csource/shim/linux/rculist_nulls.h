#ifndef __SHIM_LINUX_RCULIST_NULLS_H
#define __SHIM_LINUX_RCULIST_NULLS_H

#include <linux/list_nulls.h>
#include <linux/rcupdate.h>

#define hlist_nulls_first_rcu(h) ((h)->first)
#define hlist_nulls_next_rcu(n) ((n)->next)

static inline void hlist_nulls_add_head_rcu(struct hlist_nulls_node *n, struct hlist_nulls_head *h)
{
	struct hlist_nulls_node *first = h->first;

	WRITE_ONCE(n->next, first);
	WRITE_ONCE(n->pprev, &h->first);
	rcu_assign_pointer(hlist_nulls_first_rcu(h), n);
	if (!is_a_nulls(first))
		WRITE_ONCE(first->pprev, &n->next);
}
static inline void hlist_nulls_del_rcu(struct hlist_nulls_node *n)
{
	__hlist_nulls_del(n);
	WRITE_ONCE(n->pprev, (struct hlist_nulls_node **)LIST_POISON2);
}
static inline void hlist_nulls_del_init_rcu(struct hlist_nulls_node *n)
{
	if (!hlist_nulls_unhashed(n)) {
		__hlist_nulls_del(n);
		WRITE_ONCE(n->pprev, NULL);
	}
}
#define hlist_nulls_for_each_entry_rcu(p, n, head, member) \
	for (n = rcu_dereference(hlist_nulls_first_rcu(head)); \
	     !is_a_nulls(n) && ({ p = hlist_nulls_entry(n, __typeof__(*p), member); 1; }); \
	     n = rcu_dereference(hlist_nulls_next_rcu(n)))

#endif
