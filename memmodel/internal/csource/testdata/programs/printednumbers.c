// A conversion has the width and the sign that its letters say.
#include <stdio.h>
#include <assert.h>

int main(void)
{
	char b[32];
	int n;

	n = snprintf(b, sizeof b, "%u", -1);
	assert(n == 10 && b[0] == '4' && b[9] == '5' && b[10] == 0);
	n = snprintf(b, sizeof b, "%x", -1);
	assert(n == 8 && b[0] == 'f' && b[7] == 'f');
	n = snprintf(b, sizeof b, "%hhd %hu %lx", 200, 70000, -1L);
	assert(n == 25 && b[0] == '-' && b[1] == '5' && b[4] == '4' && b[24] == 'f');
	n = snprintf(b, 3, "%d", 12345);
	assert(n == 5 && b[1] == '2' && b[2] == 0);
	n = snprintf(b, sizeof b, "%c%5d|%-3d|%#x", 'a', 42, 7, 255);
	assert(n == 15 && b[0] == 'a' && b[1] == ' ' && b[4] == '4' && b[12] == 'x');
	return 0;
}
