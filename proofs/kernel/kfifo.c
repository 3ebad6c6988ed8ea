/* lib/kfifo.c and include/linux/kfifo.h: a ring of elements, one writer, one reader. */
#include "lib/kfifo.c"
#include <crosscall.h>

/* The reader gets what the writer has put in, in order. */
static DEFINE_KFIFO(fifo, int, 2);

void P0(void)
{
	kfifo_put(&fifo, 1);
	kfifo_put(&fifo, 2);
}

void P1(void)
{
	int a = 0, b = 0;

	if (kfifo_get(&fifo, &a))
		assert(a == 1);
	if (kfifo_get(&fifo, &b))
		assert(b == a + 1);
}
