/* include/linux/seqlock.h: readers that look whether a writer came between. */
#include <linux/seqlock.h>
#include <crosscall.h>

/* A section of a reader that need not be repeated has seen one state of what is written. */
static DEFINE_SEQLOCK(lock);
static int a, b;

static void write(void)
{
	write_seqlock(&lock);
	WRITE_ONCE(a, READ_ONCE(a) + 1);
	WRITE_ONCE(b, READ_ONCE(b) + 1);
	write_sequnlock(&lock);
}

void P0(void) { write(); }
void P1(void)
{
	unsigned seq = read_seqbegin(&lock);
	int x = READ_ONCE(a), y = READ_ONCE(b);

	if (!read_seqretry(&lock, seq))
		assert(x == y);
}
#ifdef THREE
void P2(void) { write(); }
#endif
