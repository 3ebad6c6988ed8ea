#ifndef __SHIM_LINUX_BIT_SPINLOCK_H
#define __SHIM_LINUX_BIT_SPINLOCK_H

/* A bit of a word as a lock. */
#include <linux/bitops.h>
#include <linux/spinlock.h>

static inline int bit_spin_trylock(int n, unsigned long *p)
{
	return !test_bit(n, p) && !test_and_set_bit_lock(n, p);
}
#define bit_spin_lock(n, p) do { const int __lock_bit = (n); unsigned long *__lock_word = (p); while (!bit_spin_trylock(__lock_bit, __lock_word)) { } } while (0)
#define bit_spin_unlock(n, p) do { const int __lock_bit = (n); unsigned long *__lock_word = (p); BUG_ON(!test_bit(__lock_bit, __lock_word)); clear_bit_unlock(__lock_bit, __lock_word); } while (0)
#define __bit_spin_unlock(n, p) do { const int __lock_bit = (n); unsigned long *__lock_word = (p); BUG_ON(!test_bit(__lock_bit, __lock_word)); __clear_bit_unlock(__lock_bit, __lock_word); } while (0)
#define bit_spin_is_locked(n, p) test_bit(n, p)

#endif
