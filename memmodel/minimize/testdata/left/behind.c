#define each(n, h) for (n = (h); n != &end; n = n->next)
struct node { struct node *next; } end, one = { &end };
struct { struct node *next; } head = { &one };
void P0(void)
{
	struct node *n;
	each(n, head.next)
		{ }
	*(int *)n->next;
}
