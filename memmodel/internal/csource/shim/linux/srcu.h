#ifndef __SHIM_LINUX_SRCU_H
#define __SHIM_LINUX_SRCU_H

/* RCU whose readers may sleep, with sections of its own for each srcu_struct. What
 * srcu_read_lock returns says to srcu_read_unlock which section it ends. */

#include <linux/rcupdate.h>

struct srcu_struct { int __crosscall_index; atomic_t __pending; };
#define DEFINE_SRCU(name) struct srcu_struct name
#define DEFINE_STATIC_SRCU(name) static struct srcu_struct name
#define init_srcu_struct(s) ((void)(s), 0)
#define cleanup_srcu_struct(s) ((void)(s))

#define srcu_read_lock(s) ((int)__cc_prim("srcu_read_lock", &(s)->__crosscall_index))
#define srcu_read_unlock(s, i) ((void)__cc_prim("srcu_read_unlock", &(s)->__crosscall_index, (int)(i)))
#define srcu_down_read(s) ((int)__cc_prim("srcu_down_read", &(s)->__crosscall_index))
#define srcu_up_read(s, i) ((void)__cc_prim("srcu_up_read", &(s)->__crosscall_index, (int)(i)))
#define synchronize_srcu(s) ((void)__cc_prim("synchronize_srcu", &(s)->__crosscall_index))
#define synchronize_srcu_expedited(s) ((void)__cc_prim("synchronize_srcu_expedited", &(s)->__crosscall_index))
#define srcu_dereference(p, s) rcu_dereference(p)
#define srcu_dereference_check(p, s, c) rcu_dereference(p)
#define srcu_dereference_notrace(p, s) rcu_dereference(p)
#define srcu_read_lock_held(s) 1
#define srcu_read_lock_nmisafe(s) srcu_read_lock(s)
#define srcu_read_unlock_nmisafe(s, i) srcu_read_unlock(s, i)
#define srcu_read_lock_notrace(s) srcu_read_lock(s)
#define srcu_read_unlock_notrace(s, i) srcu_read_unlock(s, i)
/* A callback is a thread of its own, which waits for a grace period of its srcu_struct:
 * the link of the head, which nothing else uses, leads there. */
static void __srcu_callback(void *p)
{
	struct rcu_head *head = p;
	struct srcu_struct *s = (struct srcu_struct *)head->next;

	synchronize_srcu(s);
	head->func(head);
	if (__cc_uses("srcu_barrier"))
		(void)atomic_dec_return_release(&s->__pending);
}
#define call_srcu(s, head, f) do { \
	struct rcu_head *__srcu_head = (head); \
	__srcu_head->next = (struct rcu_head *)(s); \
	__srcu_head->func = (f); \
	if (__cc_uses("srcu_barrier")) \
		atomic_inc(&(s)->__pending); \
	__cc_defer(__srcu_callback, (void *)__srcu_head, __cc_cpu()); \
} while (0)
#define srcu_barrier(s) do { \
	__cc_mark("srcu_barrier"); \
	smp_mb(); \
	atomic_cond_read_acquire(&(s)->__pending, VAL == 0); \
	smp_mb(); \
} while (0)
#define smp_mb__after_srcu_read_unlock() ((void)__cc_prim("smp_mb__after_srcu_read_unlock"))

typedef struct { struct srcu_struct *lock; int idx; } class_srcu_t;
static inline class_srcu_t class_srcu_constructor(struct srcu_struct *s)
{
	class_srcu_t g = { s, srcu_read_lock(s) };

	return g;
}
static inline void class_srcu_destructor(class_srcu_t *g) { srcu_read_unlock(g->lock, g->idx); }
static inline void *class_srcu_lock_ptr(class_srcu_t *g) { return g->lock; }

#endif
