/* models: lkmm armv8; twins: 1 */
#include <linux/bit_spinlock.h>
unsigned long w;
int x;
void P0(void) { bit_spin_lock(3, &w); x++; bit_spin_unlock(3, &w); }
void P1(void)
{
	bit_spin_lock(3, &w);
	x++;
#if BROKEN == 1
	clear_bit(3, &w);
#else
	__bit_spin_unlock(3, &w);
#endif
}
void final(void) { BUG_ON(x != 2 || w); }
