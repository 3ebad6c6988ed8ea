/* models: lkmm sc; twins: 1 */
#include <linux/seqlock.h>
seqcount_latch_t s;
int data[2];
void P0(void)
{
	write_seqcount_latch_begin(&s);
	WRITE_ONCE(data[0], 1);
#if BROKEN != 1
	write_seqcount_latch(&s);
#endif
	WRITE_ONCE(data[1], 1);
	write_seqcount_latch_end(&s);
}
void P1(void)
{
	unsigned int q = read_seqcount_latch(&s);
	int r = READ_ONCE(data[q & 1]);

	if (!read_seqcount_latch_retry(&s, q)) {
		/* 0: nothing has been written; 1: the old copy; 2: the new one */
		BUG_ON(q == 0 && r != 0);
		BUG_ON(q == 1 && r != 0);
		BUG_ON(q == 2 && r != 1);
	}
}
