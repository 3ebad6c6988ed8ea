#ifndef __SHIM_LINUX_WAIT_H
#define __SHIM_LINUX_WAIT_H

/* Queues of tasks that sleep: Linux's kernel/sched/wait.c. Those that wait are bits of
 * a word; there are no entries with functions of their own. */
#include <linux/sched.h>

typedef struct wait_queue_head { spinlock_t lock; unsigned long waiting; } wait_queue_head_t;
typedef struct wait_queue_entry { struct task_struct *private; } wait_queue_entry_t;
#define __WAIT_QUEUE_HEAD_INITIALIZER(name) { 0 }
#define DECLARE_WAIT_QUEUE_HEAD(name) wait_queue_head_t name
#define DECLARE_WAIT_QUEUE_HEAD_ONSTACK(name) wait_queue_head_t name = { { 0 }, 0 }
#define init_waitqueue_head(q) WRITE_ONCE((q)->waiting, 0)
#define DECLARE_WAITQUEUE(name, task) wait_queue_entry_t name = { (task) }
#define DEFINE_WAIT(name) wait_queue_entry_t name = { current }
#define init_wait(w) ((void)((w)->private = current))
#define __wait_bit(w) (1UL << ((w)->private - __tasks))

/* The caller holds the lock. */
#define __add_wait_queue(q, w) WRITE_ONCE((q)->waiting, (q)->waiting | __wait_bit(w))
#define __add_wait_queue_entry_tail(q, w) __add_wait_queue(q, w)
#define __remove_wait_queue(q, w) WRITE_ONCE((q)->waiting, (q)->waiting & ~__wait_bit(w))

static inline void add_wait_queue(wait_queue_head_t *q, wait_queue_entry_t *w)
{
	spin_lock(&q->lock);
	WRITE_ONCE(q->waiting, q->waiting | __wait_bit(w));
	spin_unlock(&q->lock);
}
#define add_wait_queue_exclusive(q, w) add_wait_queue(q, w)

static inline void remove_wait_queue(wait_queue_head_t *q, wait_queue_entry_t *w)
{
	spin_lock(&q->lock);
	WRITE_ONCE(q->waiting, q->waiting & ~__wait_bit(w));
	spin_unlock(&q->lock);
}

/* The state is set with a full barrier, so that what the waker wrote before it found
 * nobody waiting is seen by the condition. */
static inline void prepare_to_wait(wait_queue_head_t *q, wait_queue_entry_t *w, int state)
{
	spin_lock(&q->lock);
	if (!(q->waiting & __wait_bit(w)))
		WRITE_ONCE(q->waiting, q->waiting | __wait_bit(w));
	set_current_state(state);
	spin_unlock(&q->lock);
}
#define prepare_to_wait_exclusive(q, w, state) prepare_to_wait(q, w, state)
#define prepare_to_wait_event(q, w, state) ({ prepare_to_wait(q, w, state); 0L; })

static inline void finish_wait(wait_queue_head_t *q, wait_queue_entry_t *w)
{
	__set_current_state(TASK_RUNNING);
	if (READ_ONCE(q->waiting) & __wait_bit(w))
		remove_wait_queue(q, w);
}

#define waitqueue_active(q) (READ_ONCE((q)->waiting) != 0)
static inline int wq_has_sleeper(wait_queue_head_t *q)
{
	smp_mb();
	return waitqueue_active(q);
}

/* Wakes all that wait, or one of them, and takes them off the queue. */
static inline void __wake_up_locked(wait_queue_head_t *q, unsigned int state, int nr)
{
	unsigned long waiting = q->waiting;

	for (int i = 0; i < MAX_TASKS && waiting >> i; i++) {
		if ((waiting >> i & 1) && try_to_wake_up(&__tasks[i], state, 0)) {
			WRITE_ONCE(q->waiting, q->waiting & ~(1UL << i));
			if (nr && --nr == 0)
				break;
		}
	}
}
static inline void __wake_up(wait_queue_head_t *q, unsigned int state, int nr)
{
	spin_lock(&q->lock);
	__wake_up_locked(q, state, nr);
	spin_unlock(&q->lock);
}
#define wake_up(q) __wake_up(q, TASK_NORMAL, 1)
#define wake_up_nr(q, n) __wake_up(q, TASK_NORMAL, n)
#define wake_up_all(q) __wake_up(q, TASK_NORMAL, 0)
#define wake_up_interruptible(q) __wake_up(q, TASK_INTERRUPTIBLE, 1)
#define wake_up_interruptible_all(q) __wake_up(q, TASK_INTERRUPTIBLE, 0)
#define wake_up_locked(q) __wake_up_locked(q, TASK_NORMAL, 1)
#define wake_up_all_locked(q) __wake_up_locked(q, TASK_NORMAL, 0)
#define wake_up_locked_poll(q, m) __wake_up_locked(q, TASK_NORMAL, 1)
#define wake_up_interruptible_nr(q, n) __wake_up(q, TASK_INTERRUPTIBLE, n)
#define wake_up_interruptible_sync(q) __wake_up(q, TASK_INTERRUPTIBLE, 1)
#define wake_up_sync(q) __wake_up(q, TASK_NORMAL, 1)
#define wake_up_poll(q, m) __wake_up(q, TASK_NORMAL, 1)
#define wake_up_interruptible_poll(q, m) __wake_up(q, TASK_INTERRUPTIBLE, 1)
#define wake_up_interruptible_sync_poll(q, m) __wake_up(q, TASK_INTERRUPTIBLE, 1)

#define WQ_FLAG_EXCLUSIVE 1
#define wait_woken(w, mode, t) (__cc_unsupported("wait_woken is not supported: use prepare_to_wait and schedule"), 0L)
#define ___wait_event(q, cond, state, before, after) ____wait_event(q, cond, state, before, schedule(), after)
#define ____wait_event(q, cond, state, before, sleep, after) do { \
	DEFINE_WAIT(__wait_entry); \
	for (;;) { \
		prepare_to_wait((q), &__wait_entry, (state)); \
		if (cond) \
			break; \
		before; \
		sleep; \
		after; \
	} \
	finish_wait((q), &__wait_entry); \
} while (0)
#define wait_event(q, cond) do { if (!(cond)) ___wait_event(&(q), cond, TASK_UNINTERRUPTIBLE, (void)0, (void)0); } while (0)
#define wait_event_cmd(q, cond, before, after) do { if (!(cond)) ___wait_event(&(q), cond, TASK_UNINTERRUPTIBLE, before, after); } while (0)
#define wait_event_exclusive_cmd(q, cond, before, after) wait_event_cmd(q, cond, before, after)
/* The caller holds the lock, and gives it back while it sleeps. */
#define wait_event_lock_irq(q, cond, lock) wait_event_cmd(q, cond, spin_unlock_irq(&(lock)), spin_lock_irq(&(lock)))
#define wait_event_lock_irq_cmd(q, cond, lock, cmd) wait_event_cmd(q, cond, ({ spin_unlock_irq(&(lock)); cmd; }), spin_lock_irq(&(lock)))
#define wait_event_interruptible_lock_irq(q, cond, lock) ({ wait_event_lock_irq(q, cond, lock); 0; })
#define wait_event_interruptible_exclusive(q, cond) wait_event_interruptible(q, cond)
#define wait_event_killable_exclusive(q, cond) wait_event_killable(q, cond)
#define wait_event_idle_exclusive(q, cond) wait_event(q, cond)
#define wait_event_freezable_timeout(q, cond, t) wait_event_timeout(q, cond, t)
#define wait_event_killable_timeout(q, cond, t) wait_event_timeout(q, cond, t)
#define wait_event_idle_timeout(q, cond, t) wait_event_timeout(q, cond, t)
#define wait_event_state(q, cond, state) ({ if (!(cond)) ___wait_event(&(q), cond, (state), (void)0, (void)0); 0; })
/* The caller holds the lock of the queue. */
#define wait_event_interruptible_locked(q, cond) __cc_unsupported("wait_event_interruptible_locked is not supported: use wait_event_lock_irq with a lock of your own")
#define io_wait_event(q, cond) wait_event(q, cond)
#define wait_event_idle(q, cond) wait_event(q, cond)
#define wait_event_interruptible(q, cond) ({ if (!(cond)) ___wait_event(&(q), cond, TASK_INTERRUPTIBLE, (void)0, (void)0); 0; })
#define wait_event_killable(q, cond) ({ wait_event(q, cond); 0; })
#define wait_event_freezable(q, cond) wait_event_interruptible(q, cond)
#define wait_event_timeout(q, cond, t) (choose(2) ? (long)!!(cond) : \
	({ if (!(cond)) ____wait_event(&(q), cond, TASK_UNINTERRUPTIBLE, (void)0, __schedule_limited(), (void)0); 1L; }))
#define wait_event_interruptible_timeout(q, cond, t) wait_event_timeout(q, cond, t)

#include <linux/wait_bit.h>

#endif
