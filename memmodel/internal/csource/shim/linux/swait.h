#ifndef __SHIM_LINUX_SWAIT_H
#define __SHIM_LINUX_SWAIT_H

/* Simple wait queues: those of wait.h without functions of their own. */
#include <linux/wait.h>

#define swait_queue_head wait_queue_head
#define DECLARE_SWAIT_QUEUE_HEAD(name) struct swait_queue_head name
#define DECLARE_SWAIT_QUEUE_HEAD_ONSTACK(name) DECLARE_WAIT_QUEUE_HEAD_ONSTACK(name)
#define init_swait_queue_head(q) init_waitqueue_head(q)
#define swait_active(q) waitqueue_active(q)
#define swq_has_sleeper(q) wq_has_sleeper(q)
#define swake_up_one(q) wake_up(q)
#define swake_up_all(q) wake_up_all(q)
#define swait_event(q, cond) wait_event(q, cond)
#define swait_event_exclusive(q, cond) wait_event(q, cond)
#define swait_event_idle_exclusive(q, cond) wait_event(q, cond)
#define swait_event_interruptible_exclusive(q, cond) wait_event_interruptible(q, cond)
#define swait_event_timeout_exclusive(q, cond, t) wait_event_timeout(q, cond, t)

#endif
