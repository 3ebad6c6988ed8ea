/* A branch whose two ways are one tells nothing of what comes behind it. */
#include <assert.h>
#include <stdio.h>

int rounds;

int main(void)
{
	int left = 3;

	while (left) {
		left--;
		if (left)
			printf("more\n");
		rounds++;
	}
	assert(rounds == 1);
	return 0;
}
