#include <linux/slab.h>
#define each(n, h) for (n = (h); n; n = n->next)
struct node { int value; struct node *next; } *head;
int sum;
void init(void)
{
	head = kmalloc(sizeof(*head), GFP_KERNEL);
	head->value = 0;
	head->next = 0;
}
void P0(void)
{
	struct node *n = head;
	WRITE_ONCE(head, n->next);
	kfree(n);
}
void P1(void)
{
	struct node *n;
	each(n, READ_ONCE(head))
		sum += n->value;
}
