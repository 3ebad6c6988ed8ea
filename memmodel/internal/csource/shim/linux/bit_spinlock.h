#ifndef __SHIM_LINUX_BIT_SPINLOCK_H
#define __SHIM_LINUX_BIT_SPINLOCK_H

/* A bit of a word as a lock. */
#include <linux/bitops.h>
#include <linux/spinlock.h>

static inline int bit_spin_trylock(int n, unsigned long *p)
{
	return !test_bit(n, p) && !test_and_set_bit_lock(n, p);
}
#define bit_spin_lock(n, p) do { } while (!bit_spin_trylock((n), (p)))
#define bit_spin_unlock(n, p) do { BUG_ON(!test_bit((n), (p))); clear_bit_unlock((n), (p)); } while (0)
#define __bit_spin_unlock(n, p) do { BUG_ON(!test_bit((n), (p))); __clear_bit_unlock((n), (p)); } while (0)
#define bit_spin_is_locked(n, p) test_bit(n, p)

#endif
