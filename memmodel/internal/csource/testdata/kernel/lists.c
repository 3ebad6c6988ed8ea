/* models: sc; twins: 1 */
#include <linux/rculist.h>
struct node { int a; struct list_head l; } n[4];
LIST_HEAD(x);
LIST_HEAD(y);
static int digits(struct list_head *h)
{
	struct node *p;
	int d = 0;

	list_for_each_entry(p, h, l)
		d = d * 10 + p->a;
	return d;
}
void P0(void)
{
	for (int i = 0; i < 4; i++) {
		n[i].a = i + 1;
		list_add_tail(&n[i].l, i < 2 ? &x : &y);
	}
	list_splice_init(&x, &y);
	BUG_ON(digits(&y) != 1234 || !list_empty(&x) || !list_empty_careful(&x));
	list_move_tail(&n[0].l, &y);
	BUG_ON(digits(&y) != 2341);
	list_move(&n[3].l, &x);
	list_splice_tail(&x, &y);
	BUG_ON(digits(&y) != 2314);
	list_del_init_careful(&n[2].l);
	BUG_ON(digits(&y) != 214 || !list_empty_careful(&n[2].l));
	list_replace_rcu(&n[1].l, &n[2].l);
	BUG_ON(digits(&y) != 314);
	BUG_ON(list_first_or_null_rcu(&y, struct node, l) != &n[2]);
	list_rotate_left(&y);
	BUG_ON(digits(&y) != 143 || list_first_entry(&y, struct node, l)->a != 1 || list_last_entry(&y, struct node, l)->a != 3);
#if BROKEN == 1
	list_del(&n[0].l);
	list_del(&n[0].l);
#endif
}
