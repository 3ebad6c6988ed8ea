/* models: lkmm; twins: 2 */
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <crosscall.h>

/* What was removed before the cookie was taken is freed once its grace period is over. */
struct item { int value; } __rcu *shared;
struct item first = { 1 };

void init(void) { shared = kzalloc(sizeof(struct item), GFP_KERNEL); }

void P0(void)
{
	struct item *old = rcu_dereference_protected(shared, 1);
	unsigned long cookie;

#if BROKEN == 1
	cookie = start_poll_synchronize_rcu();
	rcu_assign_pointer(shared, NULL);
#else
	rcu_assign_pointer(shared, NULL);
	cookie = start_poll_synchronize_rcu();
#endif
#if BROKEN == 2
	(void)cookie;
	kfree(old);
#else
	if (poll_state_synchronize_rcu(cookie))
		kfree(old);
#endif
}

void P1(void)
{
	struct item *p;

	rcu_read_lock();
	p = rcu_dereference(shared);
	if (p)
		(void)READ_ONCE(p->value);
	rcu_read_unlock();
}
