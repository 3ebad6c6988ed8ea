// A server that waits for requests forever is idle; a client that waits for an
// answer that does not come is not.
#include <linux/atomic.h>
#include <crosscall.h>

int request, answer;

void P0(void)
{
	for (;;) {
		int r = smp_load_acquire(&request);

		if (!r) {
			idle();
			continue;
		}
		WRITE_ONCE(request, 0);
		if (r == 1)
			smp_store_release(&answer, 1);
	}
}

void P1(void)
{
	WRITE_ONCE(request, 2);
	while (!smp_load_acquire(&answer))
		;
}
