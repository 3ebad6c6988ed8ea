/*
 * A message without an acquire: the reader may see the flag and not the data.
 *
 * crosscall check --show examples/c/message.c
 */
#include <linux/atomic.h>
#include <crosscall.h>

int data, flag;

void P0(void)
{
	WRITE_ONCE(data, 1);
	smp_store_release(&flag, 1);
}

void P1(void)
{
	while (!READ_ONCE(flag)) /* smp_load_acquire(&flag) would do */
		;
	assert(READ_ONCE(data) == 1);
}
