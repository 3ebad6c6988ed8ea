/* memmove of what overlaps is as if all were read first. */
#include <assert.h>
#include <string.h>
#include <stdlib.h>

struct item { int key; long value; };

int main(void)
{
	int a[4] = { 1, 2, 3, 4 };
	struct item *list = malloc(4 * sizeof(*list));
	int n = 3;

	memmove(a + 1, a, 3 * sizeof(int));
	assert(a[0] == 1 && a[1] == 1 && a[2] == 2 && a[3] == 3);
	memmove(&a[0], &a[1], 3 * sizeof(int));
	assert(a[0] == 1 && a[1] == 2 && a[2] == 3 && a[3] == 3);
	for (int i = 0; i < n; i++)
		list[i] = (struct item){ i, 10 * i };
	/* The fourth has no value: it is copied, and not read. */
	assert(memmove(list + 1, list, n * sizeof(*list)) == list + 1);
	assert(list[3].key == 2 && list[3].value == 20 && list[1].key == 0 && list[0].key == 0);
	free(list);
}
