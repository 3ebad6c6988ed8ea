/* models: lkmm; twins: 2 */
#include <linux/rcupdate.h>
#include <linux/srcu.h>
#include <crosscall.h>

/* A module is unloaded after all callbacks have run. */
struct rcu_head a, b;
DEFINE_STATIC_SRCU(s);
int unloaded, ran;

static void callback(struct rcu_head *head)
{
	assert(!READ_ONCE(unloaded));
	ran++;
}
static void other(struct rcu_head *head) { assert(!READ_ONCE(unloaded)); }

void P0(void)
{
	call_rcu(&a, callback);
	call_srcu(&s, &b, other);
#if BROKEN == 1
	synchronize_rcu();
#else
	rcu_barrier();
#endif
#if BROKEN != 2
	srcu_barrier(&s);
#endif
	assert(ran == 1);
	WRITE_ONCE(unloaded, 1);
}
