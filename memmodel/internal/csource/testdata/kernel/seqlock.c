/* models: lkmm armv8; twins: 2 */
#include <linux/seqlock.h>
DEFINE_SEQLOCK(s);
int a, b;
void P0(void)
{
#if BROKEN != 1
	write_seqlock(&s);
#endif
	WRITE_ONCE(a, 1);
	WRITE_ONCE(b, 1);
#if BROKEN != 1
	write_sequnlock(&s);
#endif
}
void P1(void)
{
	unsigned int q;
	int x, y;

	do {
		q = read_seqbegin(&s);
		x = READ_ONCE(a);
		y = READ_ONCE(b);
#if BROKEN == 2
		if (READ_ONCE(s.seqcount.sequence) == q)
			break;
#endif
	} while (read_seqretry(&s, q));
	BUG_ON(x != y);
}
