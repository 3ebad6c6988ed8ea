// As circ.c, but an item may come after the head that says it is there.
#include <linux/circ_buf.h>
#include <linux/compiler.h>
#include <asm/barrier.h>
#include <assert.h>
#define SIZE 4
int items[SIZE];
struct circ_buf ring;
void P0(void)
{
	for (int i = 1; i <= 2; i++) {
		int head = ring.head, tail = smp_load_acquire(&ring.tail);
		if (CIRC_SPACE(head, tail, SIZE) < 1)
			continue;
		items[head] = i;
		WRITE_ONCE(ring.head, (head + 1) & (SIZE - 1));
	}
}
void P1(void)
{
	for (int i = 1; i <= 2; i++) {
		int head = smp_load_acquire(&ring.head), tail = ring.tail;
		if (CIRC_CNT(head, tail, SIZE) < 1)
			continue;
		assert(items[tail] == tail + 1);
		assert(CIRC_CNT_TO_END(head, tail, SIZE) == head - tail);
		smp_store_release(&ring.tail, (tail + 1) & (SIZE - 1));
	}
}
