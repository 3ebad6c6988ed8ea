/* models: lkmm armv8; twins: 1 */
#include <linux/llist.h>
struct node { int a; struct llist_node l; } n[2];
struct llist_head h;
#if BROKEN == 1
void P0(void) { n[0].a = 1; __llist_add(&n[0].l, &h); }
#else
void P0(void) { n[0].a = 1; llist_add(&n[0].l, &h); }
#endif
void P1(void)
{
	struct node *p, *q;

	llist_for_each_entry_safe(p, q, llist_del_all(&h), l)
		BUG_ON(p->a != 1);
}
