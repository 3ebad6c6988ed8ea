/* models: lkmm; twins: 1 */
#include <linux/rculist.h>
struct node { int a; struct hlist_node link; } n1, n2;
struct hlist_head h;
void init(void) { n1.a = 1; hlist_add_head(&n1.link, &h); }
void P0(void)
{
	n2.a = 1;
#if BROKEN == 1
	hlist_add_head(&n2.link, &h);
#else
	hlist_add_head_rcu(&n2.link, &h);
#endif
}
void P1(void)
{
	struct node *p;

	rcu_read_lock();
	hlist_for_each_entry_rcu(p, &h, link)
		BUG_ON(READ_ONCE(p->a) != 1);
	rcu_read_unlock();
}
