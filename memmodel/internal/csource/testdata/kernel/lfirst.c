/* models: sc; twins: 1 */
#include <linux/llist.h>
struct llist_head h;
struct llist_node n[3];
void P0(void)
{
	for (int i = 0; i < 3; i++)
		BUG_ON(llist_add(&n[i], &h) != (i == 0));
	BUG_ON(llist_del_first(&h) != &n[2] || llist_next(&n[1]) != &n[0]);
	BUG_ON(llist_reverse_order(llist_del_all(&h)) != &n[0] || llist_del_first(&h) || !llist_empty(&h));
#if BROKEN == 1
	BUG_ON(!llist_on_list(&n[0]));
	init_llist_node(&n[0]);
	BUG_ON(!llist_on_list(&n[0]));
#endif
}
