#ifndef __SHIM_LINUX_BITOPS_H
#define __SHIM_LINUX_BITOPS_H

#include <linux/atomic.h>

#define BITS_PER_LONG 64
#define BIT(n) (1UL << (n))
#define BIT_WORD(n) ((n) / BITS_PER_LONG)
#define BITS_TO_LONGS(n) (((n) + BITS_PER_LONG - 1) / BITS_PER_LONG)
#define DECLARE_BITMAP(name, bits) unsigned long name[BITS_TO_LONGS(bits)]

/* The word that bit n of a bitmap is in, and the bit's number there. */
#define __bit_word(n, p) ((unsigned long *)(p) + BIT_WORD(n))
#define __bit(n) ((long)(n) % BITS_PER_LONG)

#define set_bit(n, p) ((void)__cc_prim("set_bit", __bit(n), __bit_word(n, p)))
#define clear_bit(n, p) ((void)__cc_prim("clear_bit", __bit(n), __bit_word(n, p)))
#define change_bit(n, p) ((void)__cc_prim("change_bit", __bit(n), __bit_word(n, p)))
#define test_bit(n, p) ((int)__cc_prim("test_bit", __bit(n), __bit_word(n, p)))
#define test_bit_acquire(n, p) ((int)__cc_prim("test_bit_acquire", __bit(n), __bit_word(n, p)))
#define test_and_set_bit(n, p) ((int)__cc_prim("test_and_set_bit", __bit(n), __bit_word(n, p)))
#define test_and_clear_bit(n, p) ((int)__cc_prim("test_and_clear_bit", __bit(n), __bit_word(n, p)))
#define test_and_change_bit(n, p) ((int)__cc_prim("test_and_change_bit", __bit(n), __bit_word(n, p)))
#define test_and_set_bit_lock(n, p) ((int)__cc_prim("test_and_set_bit_lock", __bit(n), __bit_word(n, p)))
#define clear_bit_unlock(n, p) ((void)__cc_prim("clear_bit_unlock", __bit(n), __bit_word(n, p)))
#define __set_bit(n, p) ((void)(*__bit_word(n, p) |= BIT(__bit(n))))
#define __clear_bit(n, p) ((void)(*__bit_word(n, p) &= ~BIT(__bit(n))))
#define __change_bit(n, p) ((void)(*__bit_word(n, p) ^= BIT(__bit(n))))
#define hweight_long(w) __cc_popcount(w)
#define hweight32(w) __cc_popcount((u32)(w))
#define hweight64(w) __cc_popcount(w)
#define __ffs(w) ((unsigned long)__cc_ctz(w))

#endif
