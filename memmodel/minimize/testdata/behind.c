#include <crosscall.h>
#define each(n, h) for (n = (h); n != &end; n = n->next)
struct node { struct node *next; int value; } end, one = { &end, 4 };
struct { struct node *next; } head = { &one };
int last[3];
void P0(void)
{
	struct node *n;
	each(n, head.next)
		last[0] = n->value;
	if (last[0] == 4) {
		last[1] = 2;
		last[2] = *(int *)n->next;
	}
}
