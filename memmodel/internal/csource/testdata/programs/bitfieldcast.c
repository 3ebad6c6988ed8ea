/* A cast of a bit-field to its own type ends its promotion to int. */
#include <assert.h>
struct fields {
	unsigned long wide : 20;
	unsigned small : 5;
};
struct fields x;
long m = -128;

int main(void)
{
	assert((int)x.small > -1);
	assert(x.small > -1);
	assert((unsigned)x.small < -1);
	assert((unsigned long)x.wide < m);
	assert((unsigned long)((struct fields){ 0 }).wide < -128L);
	assert(sizeof((unsigned long)x.wide) == 8 && _Generic((unsigned)x.small + 0, unsigned: 1, default: 0));
	return 0;
}
