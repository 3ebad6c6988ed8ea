/* models: lkmm sc; twins: 1 */
#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/bitops.h>
atomic_t v = ATOMIC_INIT(1);
atomic64_t w;
int taken;
void P0(void) { if (atomic_dec_if_positive(&v) >= 0) WRITE_ONCE(taken, READ_ONCE(taken) + 1); }
void P1(void)
{
	atomic_t a = ATOMIC_INIT(3);
	unsigned long bits = 0x85, old;

	BUG_ON(atomic_fetch_add_unless(&a, 2, 3) != 3 || atomic_fetch_add_unless(&a, 2, 4) != 3 || atomic_read(&a) != 5);
	BUG_ON(atomic_dec_unless_positive(&a) || !atomic_inc_unless_negative(&a) || atomic_dec_if_positive(&a) != 5);
	BUG_ON(atomic64_fetch_add_unless(&w, 1, 1) != 0 || atomic64_read(&w) != 1);
	old = set_mask_bits(&bits, 5, 2);
	BUG_ON(old != 0x85 || bits != 0x82 || !xor_unlock_is_negative_byte(2, &bits) || bits != 0x80);
	BUG_ON(fls(8) != 4 || ffs(8) != 4 || ilog2(8) != 3 || fls64(1UL << 63) != 64 || find_first_bit(&bits, 64) != 7);
	BUG_ON(find_next_zero_bit(&bits, 64, 7) != 8 || find_next_bit(&bits, 64, 8) != 64);
#if BROKEN == 1
	BUG_ON(atomic_dec_if_positive(&v) >= 0);
#endif
}
void final(void) { BUG_ON(atomic_read(&v) != 0); }
