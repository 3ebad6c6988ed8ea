// The other CPU is kicked if the list was empty.
#include <linux/llist.h>
struct llist_head list;
struct llist_node node;
int kick, done;
void P0(void)
{
	if (llist_add(&node, &list))
		WRITE_ONCE(kick, 1);
	smp_cond_load_acquire(&done, VAL);
}
void P1(void)
{
	while (!READ_ONCE(kick))
		idle();
	if (llist_del_all(&list))
		smp_store_release(&done, 1);
}
