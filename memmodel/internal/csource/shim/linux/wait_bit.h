#ifndef __SHIM_LINUX_WAIT_BIT_H
#define __SHIM_LINUX_WAIT_BIT_H

/* To wait for a bit. The kernel hashes words to some queues; here there is one. */
#include <linux/wait.h>
#include <linux/bitops.h>

static wait_queue_head_t __bit_queue;
#define wait_on_bit(p, bit, mode) ({ \
	const int __wait_bit_nr = (bit); \
	unsigned long *__wait_word = (unsigned long *)(p); \
	if (test_bit_acquire(__wait_bit_nr, __wait_word)) \
		___wait_event(&__bit_queue, !test_bit_acquire(__wait_bit_nr, __wait_word), TASK_UNINTERRUPTIBLE, (void)0, (void)0); \
	0; })
#define wait_on_bit_io(p, bit, mode) wait_on_bit(p, bit, mode)
#define wait_on_bit_timeout(p, bit, mode, t) wait_on_bit(p, bit, mode)
#define wait_on_bit_lock(p, bit, mode) ({ \
	const int __wait_bit_nr = (bit); \
	unsigned long *__wait_word = (unsigned long *)(p); \
	if (test_and_set_bit(__wait_bit_nr, __wait_word)) \
		___wait_event(&__bit_queue, !test_and_set_bit(__wait_bit_nr, __wait_word), TASK_UNINTERRUPTIBLE, (void)0, (void)0); \
	0; })
/* The caller orders the write that cleared the bit before this: smp_mb__after_atomic(). */
#define wake_up_bit(p, bit) do { (void)(p); (void)(bit); if (waitqueue_active(&__bit_queue)) wake_up_all(&__bit_queue); } while (0)
#define clear_and_wake_up_bit(bit, p) do { clear_bit_unlock((bit), (p)); smp_mb__after_atomic(); wake_up_bit(NULL, 0); } while (0)
#define wait_var_event(p, cond) do { if (!(cond)) ___wait_event(&__bit_queue, cond, TASK_UNINTERRUPTIBLE, (void)0, (void)0); } while (0)
#define wake_up_var(p) wake_up_bit(p, 0)
#define store_release_wake_up(p, v) do { smp_store_release((p), (v)); smp_mb(); wake_up_var(NULL); } while (0)
#define clear_bit_unlock_and_wake_up(bit, p) clear_and_wake_up_bit(bit, p)
#define test_and_clear_wake_up_bit(bit, p) ({ int __woke = test_and_clear_bit((bit), (p)); if (__woke) wake_up_bit(NULL, 0); __woke; })
#define atomic_dec_and_wake_up(v) ({ int __woke = atomic_dec_and_test(v); if (__woke) { smp_mb(); wake_up_var(NULL); } __woke; })
#define wait_on_bit_lock_io(p, bit, mode) wait_on_bit_lock(p, bit, mode)
#define wait_var_event_killable(p, cond) ({ wait_var_event(p, cond); 0; })
#define wait_var_event_interruptible(p, cond) ({ wait_var_event(p, cond); 0; })
#define out_of_line_wait_on_bit(p, bit, f, mode) wait_on_bit(p, bit, mode)

#endif
