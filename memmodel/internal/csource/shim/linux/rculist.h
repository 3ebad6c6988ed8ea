#ifndef __SHIM_LINUX_RCULIST_H
#define __SHIM_LINUX_RCULIST_H

/* Lists that are read without a lock: Linux's include/linux/rculist.h. */
#include <linux/list.h>
#include <linux/rcupdate.h>

#define list_next_rcu(list) ((list)->next)

static inline void __list_add_rcu(struct list_head *new, struct list_head *prev, struct list_head *next)
{
	new->next = next;
	new->prev = prev;
	rcu_assign_pointer(prev->next, new);
	next->prev = new;
}

static inline void list_add_rcu(struct list_head *new, struct list_head *head)
{
	__list_add_rcu(new, head, head->next);
}

static inline void list_add_tail_rcu(struct list_head *new, struct list_head *head)
{
	__list_add_rcu(new, head->prev, head);
}

/* Readers may be on entry, so that its next stays. */
static inline void list_del_rcu(struct list_head *entry)
{
	__list_del(entry->prev, entry->next);
	entry->prev = LIST_POISON2;
}

static inline void list_replace_rcu(struct list_head *old, struct list_head *new)
{
	new->next = old->next;
	new->prev = old->prev;
	rcu_assign_pointer(new->prev->next, new);
	new->next->prev = new;
	old->prev = LIST_POISON2;
}

static inline void INIT_LIST_HEAD_RCU(struct list_head *list)
{
	WRITE_ONCE(list->next, list);
	WRITE_ONCE(list->prev, list);
}

/* Puts list after the head prev, when those who read list have gone, as sync says. */
#define list_splice_init_rcu(list, head, sync) do { \
	struct list_head *__splice = (list), *__splice_head = (head); \
	if (!list_empty(__splice)) { \
		struct list_head *__first = __splice->next, *__last = __splice->prev, *__at = __splice_head->next; \
		INIT_LIST_HEAD_RCU(__splice); \
		sync(); \
		__last->next = __at; \
		rcu_assign_pointer(__splice_head->next, __first); \
		__first->prev = __splice_head; \
		__at->prev = __last; \
	} \
} while (0)

#define list_first_or_null_rcu(ptr, type, member) \
	({ struct list_head *__list_h = (ptr), *__list_p = rcu_dereference(__list_h->next); \
	   __list_p != __list_h ? list_entry(__list_p, type, member) : (type *)0; })
#define list_next_or_null_rcu(head, ptr, type, member) \
	({ struct list_head *__list_h = (head), *__list_p = rcu_dereference((ptr)->next); \
	   __list_p != __list_h ? list_entry(__list_p, type, member) : (type *)0; })
#define list_tail_rcu(head) ((head)->prev)

static inline void hlist_del_rcu(struct hlist_node *n)
{
	__hlist_del(n);
	WRITE_ONCE(n->pprev, LIST_POISON2);
}

static inline void hlist_del_init_rcu(struct hlist_node *n)
{
	if (!hlist_unhashed(n)) {
		__hlist_del(n);
		WRITE_ONCE(n->pprev, NULL);
	}
}

static inline void hlist_replace_rcu(struct hlist_node *old, struct hlist_node *new)
{
	struct hlist_node *next = old->next;

	new->next = next;
	WRITE_ONCE(new->pprev, old->pprev);
	rcu_assign_pointer(*new->pprev, new);
	if (next)
		WRITE_ONCE(new->next->pprev, &new->next);
	WRITE_ONCE(old->pprev, LIST_POISON2);
}

static inline void hlist_add_head_rcu(struct hlist_node *n, struct hlist_head *h)
{
	struct hlist_node *first = h->first;

	n->next = first;
	WRITE_ONCE(n->pprev, &h->first);
	rcu_assign_pointer(h->first, n);
	if (first)
		WRITE_ONCE(first->pprev, &n->next);
}

static inline void hlist_add_before_rcu(struct hlist_node *n, struct hlist_node *next)
{
	WRITE_ONCE(n->pprev, next->pprev);
	n->next = next;
	rcu_assign_pointer(*(n->pprev), n);
	WRITE_ONCE(next->pprev, &n->next);
}

static inline void hlist_add_behind_rcu(struct hlist_node *n, struct hlist_node *prev)
{
	n->next = prev->next;
	WRITE_ONCE(n->pprev, &prev->next);
	rcu_assign_pointer(prev->next, n);
	if (n->next)
		WRITE_ONCE(n->next->pprev, &n->next);
}

#define hlist_first_rcu(head) ((head)->first)
#define hlist_next_rcu(node) ((node)->next)
#define __hlist_for_each_rcu(pos, head) \
	for (pos = rcu_dereference((head)->first); pos; pos = rcu_dereference(pos->next))
#define hlist_for_each_entry_rcu(pos, head, member, ...) \
	for (pos = hlist_entry_safe(rcu_dereference((head)->first), __typeof__(*(pos)), member); pos; \
	     pos = hlist_entry_safe(rcu_dereference((pos)->member.next), __typeof__(*(pos)), member))
#define hlist_for_each_entry_rcu_notrace(pos, head, member) hlist_for_each_entry_rcu(pos, head, member)
#define hlist_for_each_entry_rcu_bh(pos, head, member) hlist_for_each_entry_rcu(pos, head, member)

#define list_entry_rcu(ptr, type, member) container_of(rcu_dereference(ptr), type, member)
#define list_for_each_entry_rcu(pos, head, member, ...) \
	for (pos = list_entry_rcu((head)->next, __typeof__(*pos), member); \
	     &pos->member != (head); \
	     pos = list_entry_rcu(pos->member.next, __typeof__(*pos), member))
#define list_for_each_entry_lockless(p, head, member) list_for_each_entry_rcu(p, head, member)
#define list_for_each_entry_srcu(p, head, member, cond) list_for_each_entry_rcu(p, head, member)
#define list_for_each_rcu(p, head) for (p = rcu_dereference(list_next_rcu(head)); p != (head); p = rcu_dereference(list_next_rcu(p)))
#define list_for_each_entry_continue_rcu(p, head, member) \
	for (p = list_entry_rcu(p->member.next, __typeof__(*p), member); &p->member != (head); \
	     p = list_entry_rcu(p->member.next, __typeof__(*p), member))
#define list_for_each_entry_from_rcu(p, head, member) \
	for (; &p->member != (head); p = list_entry_rcu(p->member.next, __typeof__(*p), member))
static inline void list_bidir_del_rcu(struct list_head *entry) { __list_del(entry->prev, entry->next); }
#define hlist_for_each_entry_srcu(p, head, member, cond) hlist_for_each_entry_rcu(p, head, member)
#define hlist_for_each_entry_continue_rcu(p, member) \
	for (p = hlist_entry_safe(rcu_dereference(hlist_next_rcu(&(p)->member)), __typeof__(*(p)), member); p; \
	     p = hlist_entry_safe(rcu_dereference(hlist_next_rcu(&(p)->member)), __typeof__(*(p)), member))
static inline void hlist_add_tail_rcu(struct hlist_node *n, struct hlist_head *h)
{
	struct hlist_node *i, *last = NULL;

	for (i = h->first; i; i = i->next)
		last = i;
	if (last) {
		n->next = last->next;
		WRITE_ONCE(n->pprev, &last->next);
		rcu_assign_pointer(hlist_next_rcu(last), n);
	} else {
		hlist_add_head_rcu(n, h);
	}
}

#endif
