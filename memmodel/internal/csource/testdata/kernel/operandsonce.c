/* models: lkmm armv8; twins: 1 */
/* What is a function in the kernel, or a builtin, evaluates each operand once, although it is a macro here. */
#include <linux/kernel.h>
#include <linux/bitops.h>
#include <linux/bitmap.h>
#include <linux/llist.h>
#include <linux/wait_bit.h>
#include <linux/seqlock.h>
#include <linux/bit_spinlock.h>
#include <linux/slab.h>
#include <linux/hrtimer.h>
#include <linux/timer.h>
#include <linux/interrupt.h>
#include <linux/skbuff.h>
#include <linux/irq_work.h>
#include <linux/kobject.h>
#include <linux/u64_stats_sync.h>
#include <linux/idr.h>
#include <linux/xarray.h>
#include <linux/notifier.h>
#include <linux/rbtree.h>
#include <linux/rculist.h>
#include <linux/percpu-refcount.h>
#include <linux/uaccess.h>
#include <asm/byteorder.h>
int calls;
#define T(e) (calls++, (e))
unsigned long w[2];
struct llist_node node;
seqlock_t seq;
struct timer_list timer;
struct hrtimer ht;
struct irq_work work;
struct sk_buff_head skbs;
u64_stats_t st;
struct idr idr;
struct tasklet_struct tasklet;
struct percpu_ref pref;
void f(void) { }
void P0(void)
{
	calls = 0; set_bit(T(3), w); assert(calls == 1);
	calls = 0; set_bit(3, T(w)); assert(calls == 1);
	calls = 0; clear_bit(T(3), w); assert(calls == 1);
	calls = 0; (void)test_bit(T(3), w); assert(calls == 1);
	calls = 0; (void)test_and_set_bit(T(3), w); assert(calls == 1);
	calls = 0; __set_bit(T(3), w); assert(calls == 1);
	calls = 0; __set_bit(3, T(w)); assert(calls == 1);
	calls = 0; (void)__test_and_set_bit(T(3), T(w)); assert(calls == 2);
	calls = 0; assign_bit(T(3), T(w), 1); assert(calls == 2);
	calls = 0; clear_bit_unlock(T(3), w); assert(calls == 1);
	calls = 0; __clear_bit_unlock(T(3), T(w)); assert(calls == 2);
	calls = 0; (void)rol32(T(3), T(4)); assert(calls == 2);
	calls = 0; (void)find_last_bit(w, T(4)); assert(calls == 1);
	calls = 0; (void)sign_extend32(3, T(4)); assert(calls == 1);
	calls = 0; (void)is_power_of_2(T(3)); assert(calls == 1);
	calls = 0; (void)swab32(T(3)); assert(calls == 1);
	calls = 0; (void)cpu_to_be64(T(3)); assert(calls == 1);
	calls = 0; (void)__builtin_bswap32(T(3)); assert(calls == 1);
	calls = 0; (void)roundup(5, T(3)); assert(calls == 1);
	calls = 0; (void)rounddown(T(5), 3); assert(calls == 1);
	calls = 0; init_llist_node(T(&node)); assert(calls == 1);
	calls = 0; (void)llist_on_list(T(&node)); assert(calls == 1);
	calls = 0; (void)bitmap_empty(w, T(4)); assert(calls == 1);
	calls = 0; write_seqlock(T(&seq)); assert(calls == 1);
	calls = 0; write_sequnlock(T(&seq)); assert(calls == 1);
	calls = 0; (void)write_tryseqlock(T(&seq)); assert(calls == 1);
	calls = 0; bit_spin_lock(T(3), T(w)); assert(calls == 2);
	calls = 0; bit_spin_unlock(T(3), T(w)); assert(calls == 2);
	w[0] = 0;
	calls = 0; wait_on_bit(T(w), T(3), TASK_UNINTERRUPTIBLE); assert(calls == 2);
	calls = 0; wait_on_bit_lock(T(w), T(3), TASK_UNINTERRUPTIBLE); assert(calls == 2);
	calls = 0; clear_and_wake_up_bit(T(3), T(w)); assert(calls == 2);
	calls = 0; skb_queue_head_init(T(&skbs)); assert(calls == 1);
	calls = 0; (void)skb_queue_empty(T(&skbs)); assert(calls == 1);
	calls = 0; init_irq_work(T(&work), (void *)f); assert(calls == 1);
	calls = 0; u64_stats_add(T(&st), 1); assert(calls == 1);
	calls = 0; idr_init(T(&idr)); assert(calls == 1);
	calls = 0; tasklet_init(T(&tasklet), (void *)f, 0); assert(calls == 1);
	calls = 0; (void)mod_timer_pending(T(&timer), 0); assert(calls == 1);
	calls = 0; (void)gfpflags_allow_blocking(T(GFP_KERNEL)); assert(calls == 1);
	calls = 0; (void)notifier_to_errno(T(3)); assert(calls == 1);
	calls = 0; (void)xa_err(T((void *)0)); assert(calls == 1);
	calls = 0; (void)copy_from_user(w, w, T(8)); assert(calls == 1);
	calls = 0; (void)percpu_ref_init(T(&pref), (void *)f, 0, 0); assert(calls == 1);
	calls = 0; percpu_ref_put_many(T(&pref), 0); assert(calls == 1);
	calls = 0; (void)percpu_ref_tryget_live(T(&pref)); assert(calls == 1);
	calls = 0; percpu_ref_kill(T(&pref)); assert(calls == 1);
#if BROKEN == 1
#define twice(x) ((x) + (x))
	calls = 0; (void)twice(T(1)); assert(calls == 1);
#endif
}
