/*
 * A lock made of one word. It holds under every model; for which barriers it
 * needs that, ask
 *
 * crosscall audit --model lkmm,armv8,power,riscv examples/c/lock.c
 */
#include <linux/atomic.h>
#include <crosscall.h>

int lock, count;

static void increment(void)
{
	while (cmpxchg_acquire(&lock, 0, 1) != 0)
		;
	count++;
	smp_store_release(&lock, 0);
}

void P0(void) { increment(); }
void P1(void) { increment(); }

void final(void)
{
	assert(count == 2);
}
