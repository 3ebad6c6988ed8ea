/* Beyond what was allocated. */
#include <stdlib.h>
#include <stddef.h>

struct list { int n; int item[]; };

static int size = 2;

int main(void)
{
	struct list *l = malloc(offsetof(struct list, item) + size * sizeof(int));

	l->item[size] = 1;
	free(l);
}
