#ifndef __SHIM_LINUX_SKBUFF_H
#define __SHIM_LINUX_SKBUFF_H

/* Queues of packets, of which only the links are here: Linux's net/core/skbuff.c. */
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

struct sk_buff {
	struct sk_buff *next, *prev;
	unsigned int len;
	refcount_t users;
	char cb[8];
};
struct sk_buff_head {
	struct sk_buff *next, *prev;
	u32 qlen;
	spinlock_t lock;
};
static inline void __skb_queue_head_init(struct sk_buff_head *list)
{
	list->prev = list->next = (struct sk_buff *)list;
	list->qlen = 0;
}
#define skb_queue_head_init(list) __skb_queue_head_init(list)
#define skb_queue_len(list) ((list)->qlen)
#define skb_queue_len_lockless(list) READ_ONCE((list)->qlen)
#define skb_queue_empty(list) ({ const struct sk_buff_head *__empty = (list); __empty->next == (const struct sk_buff *)__empty; })
#define skb_queue_empty_lockless(list) ({ const struct sk_buff_head *__empty = (list); READ_ONCE(__empty->next) == (const struct sk_buff *)__empty; })
static inline void __skb_insert(struct sk_buff *skb, struct sk_buff *prev, struct sk_buff *next, struct sk_buff_head *list)
{
	WRITE_ONCE(skb->next, next);
	WRITE_ONCE(skb->prev, prev);
	WRITE_ONCE(next->prev, skb);
	WRITE_ONCE(prev->next, skb);
	WRITE_ONCE(list->qlen, list->qlen + 1);
}
static inline void __skb_unlink(struct sk_buff *skb, struct sk_buff_head *list)
{
	struct sk_buff *next, *prev;

	WRITE_ONCE(list->qlen, list->qlen - 1);
	next = skb->next;
	prev = skb->prev;
	skb->next = skb->prev = NULL;
	WRITE_ONCE(next->prev, prev);
	WRITE_ONCE(prev->next, next);
}
static inline struct sk_buff *skb_peek(const struct sk_buff_head *list)
{
	struct sk_buff *skb = list->next;

	return skb == (struct sk_buff *)list ? NULL : skb;
}
static inline void __skb_queue_tail(struct sk_buff_head *list, struct sk_buff *skb) { __skb_insert(skb, list->prev, (struct sk_buff *)list, list); }
static inline void __skb_queue_head(struct sk_buff_head *list, struct sk_buff *skb) { __skb_insert(skb, (struct sk_buff *)list, list->next, list); }
static inline struct sk_buff *__skb_dequeue(struct sk_buff_head *list)
{
	struct sk_buff *skb = skb_peek(list);

	if (skb)
		__skb_unlink(skb, list);
	return skb;
}
static inline void skb_queue_tail(struct sk_buff_head *list, struct sk_buff *skb)
{
	spin_lock(&list->lock);
	__skb_queue_tail(list, skb);
	spin_unlock(&list->lock);
}
static inline void skb_queue_head(struct sk_buff_head *list, struct sk_buff *skb)
{
	spin_lock(&list->lock);
	__skb_queue_head(list, skb);
	spin_unlock(&list->lock);
}
static inline struct sk_buff *skb_dequeue(struct sk_buff_head *list)
{
	struct sk_buff *skb;

	spin_lock(&list->lock);
	skb = __skb_dequeue(list);
	spin_unlock(&list->lock);
	return skb;
}
static inline void skb_unlink(struct sk_buff *skb, struct sk_buff_head *list)
{
	spin_lock(&list->lock);
	__skb_unlink(skb, list);
	spin_unlock(&list->lock);
}
#define skb_queue_walk(list, skb) for (skb = (list)->next; skb != (struct sk_buff *)(list); skb = skb->next)
#define skb_get(skb) ({ struct sk_buff *__skb = (skb); refcount_inc(&__skb->users); __skb; })

#endif
