// Memory of no size cannot be written to, also where malloc(0) says so.
#include <stdlib.h>

int main(void)
{
	int *p = malloc(0);

	*p = 1;
	free(p);
	return 0;
}
