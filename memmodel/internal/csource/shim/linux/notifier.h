#ifndef __SHIM_LINUX_NOTIFIER_H
#define __SHIM_LINUX_NOTIFIER_H

/* Chains of functions, in the order of their priority: Linux's kernel/notifier.c. */
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/srcu.h>

struct notifier_block;
typedef int (*notifier_fn_t)(struct notifier_block *nb, unsigned long action, void *data);
struct notifier_block {
	notifier_fn_t notifier_call;
	struct notifier_block __rcu *next;
	int priority;
};
#define NOTIFY_DONE 0x0000
#define NOTIFY_OK 0x0001
#define NOTIFY_STOP_MASK 0x8000
#define NOTIFY_BAD (NOTIFY_STOP_MASK | 0x0002)
#define NOTIFY_STOP (NOTIFY_OK | NOTIFY_STOP_MASK)
static inline int notifier_from_errno(int e) { return e ? NOTIFY_STOP_MASK | (NOTIFY_OK - e) : NOTIFY_OK; }
static inline int notifier_to_errno(int r) { r &= ~NOTIFY_STOP_MASK; return r > NOTIFY_OK ? NOTIFY_OK - r : 0; }

struct atomic_notifier_head { spinlock_t lock; struct notifier_block __rcu *head; };
struct blocking_notifier_head { struct rw_semaphore rwsem; struct notifier_block __rcu *head; };
struct raw_notifier_head { struct notifier_block __rcu *head; };
#define ATOMIC_NOTIFIER_HEAD(name) struct atomic_notifier_head name
#define BLOCKING_NOTIFIER_HEAD(name) struct blocking_notifier_head name
#define RAW_NOTIFIER_HEAD(name) struct raw_notifier_head name
#define ATOMIC_INIT_NOTIFIER_HEAD(h) ((void)((h)->head = NULL))
#define BLOCKING_INIT_NOTIFIER_HEAD(h) ((void)((h)->head = NULL))
#define RAW_INIT_NOTIFIER_HEAD(h) ((void)((h)->head = NULL))

static inline int __notifier_register(struct notifier_block **link, struct notifier_block *n)
{
	while (*link && n->priority <= (*link)->priority)
		link = &(*link)->next;
	n->next = *link;
	rcu_assign_pointer(*link, n);
	return 0;
}
static inline int __notifier_unregister(struct notifier_block **link, struct notifier_block *n)
{
	for (; *link; link = &(*link)->next)
		if (*link == n) {
			rcu_assign_pointer(*link, n->next);
			return 0;
		}
	return -ENOENT;
}
static inline int __notifier_call(struct notifier_block **link, unsigned long action, void *data)
{
	int result = NOTIFY_DONE;
	struct notifier_block *next, *n = rcu_dereference(*link);

	while (n) {
		next = rcu_dereference(n->next);
		result = n->notifier_call(n, action, data);
		if (result & NOTIFY_STOP_MASK)
			break;
		n = next;
	}
	return result;
}
static inline int atomic_notifier_chain_register(struct atomic_notifier_head *h, struct notifier_block *n)
{
	spin_lock(&h->lock);
	__notifier_register(&h->head, n);
	spin_unlock(&h->lock);
	return 0;
}
static inline int atomic_notifier_chain_unregister(struct atomic_notifier_head *h, struct notifier_block *n)
{
	int result;

	spin_lock(&h->lock);
	result = __notifier_unregister(&h->head, n);
	spin_unlock(&h->lock);
	synchronize_rcu();
	return result;
}
static inline int atomic_notifier_call_chain(struct atomic_notifier_head *h, unsigned long action, void *data)
{
	int result;

	rcu_read_lock();
	result = __notifier_call(&h->head, action, data);
	rcu_read_unlock();
	return result;
}
static inline int blocking_notifier_chain_register(struct blocking_notifier_head *h, struct notifier_block *n)
{
	down_write(&h->rwsem);
	__notifier_register(&h->head, n);
	up_write(&h->rwsem);
	return 0;
}
static inline int blocking_notifier_chain_unregister(struct blocking_notifier_head *h, struct notifier_block *n)
{
	int result;

	down_write(&h->rwsem);
	result = __notifier_unregister(&h->head, n);
	up_write(&h->rwsem);
	return result;
}
static inline int blocking_notifier_call_chain(struct blocking_notifier_head *h, unsigned long action, void *data)
{
	int result = NOTIFY_DONE;

	if (rcu_access_pointer(h->head)) {
		down_read(&h->rwsem);
		result = __notifier_call(&h->head, action, data);
		up_read(&h->rwsem);
	}
	return result;
}
static inline int raw_notifier_chain_register(struct raw_notifier_head *h, struct notifier_block *n) { return __notifier_register(&h->head, n); }
static inline int raw_notifier_chain_unregister(struct raw_notifier_head *h, struct notifier_block *n) { return __notifier_unregister(&h->head, n); }
static inline int raw_notifier_call_chain(struct raw_notifier_head *h, unsigned long action, void *data) { return __notifier_call(&h->head, action, data); }

#endif
