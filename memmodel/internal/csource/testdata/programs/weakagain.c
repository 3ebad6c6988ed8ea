// A weak compare-and-exchange may fail without a reason twice, also in a loop that writes to
// memory; the loop counts by an assignment.
#include <assert.h>
#include <stdatomic.h>

static atomic_int top;
static int mem, tries;

int main(void)
{
	int old = 0, last;

	do {
		mem = old;
		last = tries;
		tries = last + 1;
	} while (!atomic_compare_exchange_weak(&top, &old, 1));
	assert(tries < 3);
	return 0;
}
