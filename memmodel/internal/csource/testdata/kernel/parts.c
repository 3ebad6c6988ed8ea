/* models: lkmm armv8; twins: 2 */
#include <linux/atomic.h>
#include <linux/kernel.h>
/* A word and its parts, as in the kernel's qspinlock. */
struct lock {
	union {
		atomic_t val;
		struct { u8 locked, pending; };
		struct { u16 both, tail; };
		s8 byte[4];
	};
} l = { .tail = 0x1234 }, m;
int data;
void P0(void)
{
	BUG_ON((atomic_read(&l.val) & 0xffff0000) != 0x12340000);
	data = 1;
	smp_store_release(&l.locked, 1);
	WRITE_ONCE(l.byte[3], -2);
	BUG_ON(READ_ONCE(l.byte[3]) != -2 || READ_ONCE(l.tail) != 0xfe34);
	m.both = 0x102;
	BUG_ON(m.pending != 1 || m.locked != 2);
}
void P1(void)
{
	u16 old;

	if (smp_load_acquire(&l.locked))
		BUG_ON(data != 1);
	old = xchg_relaxed(&l.both, 0x103);
	BUG_ON(old > 1);
	BUG_ON(cmpxchg(&l.pending, 1, 2) != 1);
#if BROKEN == 1
	BUG_ON(old == 1);
#elif BROKEN == 2
	BUG_ON(READ_ONCE(l.tail) == 0xfe34);
#endif
}
