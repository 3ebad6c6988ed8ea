/* models: sc; twins: 1 */
#include <linux/list.h>
struct node { int a; struct hlist_node l; } n[3];
HLIST_HEAD(h);
static int digits(void)
{
	struct node *p;
	int d = 0;

	hlist_for_each_entry(p, &h, l)
		d = d * 10 + p->a;
	return d;
}
void P0(void)
{
	struct node *p;
	struct hlist_node *t;

	for (int i = 0; i < 3; i++)
		n[i].a = i + 1;
	hlist_add_head(&n[0].l, &h);
	hlist_add_before(&n[1].l, &n[0].l);
	hlist_add_behind(&n[2].l, &n[1].l);
	BUG_ON(digits() != 231);
	hlist_del_init(&n[2].l);
	BUG_ON(digits() != 21 || !hlist_unhashed(&n[2].l));
	hlist_for_each_entry_safe(p, t, &h, l)
		hlist_del(&p->l);
	BUG_ON(!hlist_empty(&h));
#if BROKEN == 1
	hlist_del(&n[0].l);
#endif
}
