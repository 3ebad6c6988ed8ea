/*
 * A call by this library's mailbox: request and reply in one cache line. The caller
 * writes the argument, then the state; the executor takes the state, runs the function
 * and writes the result, then the state again. No lock, and no full barrier.
 */
#include <linux/atomic.h>
#include <crosscall.h>

enum { FREE, CALLED, DONE };

struct mailbox {
	int state, argument, result;
} box;

void P0(void) /* the caller */
{
	WRITE_ONCE(box.argument, 20);
	smp_store_release(&box.state, CALLED);
	while (smp_load_acquire(&box.state) != DONE)
		;
	assert(READ_ONCE(box.result) == 21);
}

void P1(void) /* the executor */
{
	while (smp_load_acquire(&box.state) != CALLED)
		;
	WRITE_ONCE(box.result, READ_ONCE(box.argument) + 1);
	smp_store_release(&box.state, DONE);
}
