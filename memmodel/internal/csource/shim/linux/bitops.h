#ifndef __SHIM_LINUX_BITOPS_H
#define __SHIM_LINUX_BITOPS_H

#include <linux/atomic.h>

#define BIT(n) (1UL << (n))
#define BIT_WORD(n) ((n) / BITS_PER_LONG)
#define BITS_TO_LONGS(n) (((n) + BITS_PER_LONG - 1) / BITS_PER_LONG)
#define DECLARE_BITMAP(name, bits) unsigned long name[BITS_TO_LONGS(bits)]

/* The word that bit n of a bitmap is in, and the bit's number there. */
#define __bit_word(n, p) ((unsigned long *)(p) + BIT_WORD(n))
#define __bit(n) ((long)(n) % BITS_PER_LONG)
/* Evaluates e with the number __bn of a bit and its word __bw; n and p are evaluated once. */
#define __with_bit(n, p, e) ({ const unsigned long __bn = (n); unsigned long *const __bw = __bit_word(__bn, p); e; })

#define set_bit(n, p) __with_bit(n, p, (void)__cc_prim("set_bit", __bit(__bn), __bw))
#define clear_bit(n, p) __with_bit(n, p, (void)__cc_prim("clear_bit", __bit(__bn), __bw))
#define change_bit(n, p) __with_bit(n, p, (void)__cc_prim("change_bit", __bit(__bn), __bw))
#define test_bit(n, p) __with_bit(n, p, (int)__cc_prim("test_bit", __bit(__bn), __bw))
#define test_bit_acquire(n, p) __with_bit(n, p, (int)__cc_prim("test_bit_acquire", __bit(__bn), __bw))
#define test_and_set_bit(n, p) __with_bit(n, p, (int)__cc_prim("test_and_set_bit", __bit(__bn), __bw))
#define test_and_clear_bit(n, p) __with_bit(n, p, (int)__cc_prim("test_and_clear_bit", __bit(__bn), __bw))
#define test_and_change_bit(n, p) __with_bit(n, p, (int)__cc_prim("test_and_change_bit", __bit(__bn), __bw))
#define test_and_set_bit_lock(n, p) __with_bit(n, p, (int)__cc_prim("test_and_set_bit_lock", __bit(__bn), __bw))
#define clear_bit_unlock(n, p) __with_bit(n, p, (void)__cc_prim("clear_bit_unlock", __bit(__bn), __bw))
#define __clear_bit_unlock(n, p) __with_bit(n, p, smp_store_release(__bw, READ_ONCE(*__bw) & ~BIT(__bit(__bn))))
/* Clears a bit with release, and says whether bit 7 was set. */
#define clear_bit_unlock_is_negative_byte(n, p) \
	__with_bit(n, p, (bool)(((unsigned long)__cc_prim("atomic_fetch_and_release", ~BIT(__bit(__bn)), __bw) & BIT(7)) != 0))
#define xor_unlock_is_negative_byte(mask, p) \
	((bool)(((unsigned long)__cc_prim("atomic_fetch_xor_release", (unsigned long)(mask), (unsigned long *)(p)) & BIT(7)) != 0))
#define __test_and_set_bit(n, p) __with_bit(n, p, ({ int __was_set = (*__bw >> __bit(__bn)) & 1; __bit_set; __was_set; }))
#define __test_and_clear_bit(n, p) __with_bit(n, p, ({ int __was_set = (*__bw >> __bit(__bn)) & 1; __bit_clear; __was_set; }))
#define assign_bit(n, p, v) ((v) ? set_bit(n, p) : clear_bit(n, p))
#define __assign_bit(n, p, v) ((v) ? __set_bit(n, p) : __clear_bit(n, p))
#define BIT_MASK(n) (1UL << ((n) % BITS_PER_LONG))
#define BIT_ULL(n) (1ULL << (n))
#define BITS_PER_BYTE 8
#define GENMASK(h, l) ((~0UL << (l)) & (~0UL >> (BITS_PER_LONG - 1 - (h))))
#define __bit_set ((void)(*__bw |= BIT(__bit(__bn))))
#define __bit_clear ((void)(*__bw &= ~BIT(__bit(__bn))))
#define __bit_change ((void)(*__bw ^= BIT(__bit(__bn))))
#define __set_bit(n, p) __with_bit(n, p, __bit_set)
#define __clear_bit(n, p) __with_bit(n, p, __bit_clear)
#define __change_bit(n, p) __with_bit(n, p, __bit_change)
#define hweight_long(w) __cc_popcount(w)
#define hweight32(w) __cc_popcount((u32)(w))
#define hweight64(w) __cc_popcount(w)
#define __ffs(w) ((unsigned long)__cc_ctz(w))
#define ffz(w) __ffs(~(w))
#define ffs(x) ({ unsigned int __ffs_x = (x); __ffs_x ? __cc_ctz(__ffs_x) + 1 : 0; })

/* The number of the highest bit, counted from 1; 0 if there is none. */
static inline int fls64(u64 x)
{
	x |= x >> 1;
	x |= x >> 2;
	x |= x >> 4;
	x |= x >> 8;
	x |= x >> 16;
	x |= x >> 32;
	return __cc_popcount(x);
}
#define fls(x) fls64((u32)(x))
#define fls_long(x) fls64(x)
#define __fls(x) ((unsigned long)(fls64(x) - 1))
#define ilog2(x) (fls64(x) - 1)

/* The first bit of a bitmap from off on that is set, xor flip. */
static inline unsigned long __find_next_bit(const unsigned long *p, unsigned long size, unsigned long off, unsigned long flip)
{
	for (unsigned long i = off / BITS_PER_LONG; i * BITS_PER_LONG < size; i++) {
		unsigned long w = p[i] ^ flip;

		if (i == off / BITS_PER_LONG)
			w &= ~0UL << off % BITS_PER_LONG;
		if (w) {
			unsigned long bit = i * BITS_PER_LONG + __ffs(w);

			return bit < size ? bit : size;
		}
	}
	return size;
}
#define find_first_bit(p, n) __find_next_bit(p, n, 0, 0)
#define find_next_bit(p, n, off) __find_next_bit(p, n, off, 0)
#define find_first_zero_bit(p, n) __find_next_bit(p, n, 0, ~0UL)
#define find_next_zero_bit(p, n, off) __find_next_bit(p, n, off, ~0UL)
#define for_each_set_bit(bit, p, n) \
	for ((bit) = find_first_bit(p, n); (bit) < (n); (bit) = find_next_bit(p, n, (bit) + 1))
#define roundup_pow_of_two(n) (1UL << fls_long((unsigned long)(n) - 1))
#define rounddown_pow_of_two(n) (1UL << (fls_long(n) - 1))
#define order_base_2(n) ((n) > 1 ? ilog2((n) - 1) + 1 : 0)
#define hweight8(w) __cc_popcount((u8)(w))
#define hweight16(w) __cc_popcount((u16)(w))
#define __ffs64(w) __ffs(w)
#define GENMASK_ULL(h, l) GENMASK(h, l)
#define find_last_bit(p, n) ({ \
	const unsigned long *__last_of = (p), __last_end = (n); \
	unsigned long __last = __last_end; \
	for (unsigned long __fi = 0; __fi < __last_end; __fi++) \
		if (test_bit(__fi, __last_of)) \
			__last = __fi; \
	__last; })
#define for_each_clear_bit(bit, p, n) \
	for ((bit) = find_first_zero_bit(p, n); (bit) < (n); (bit) = find_next_zero_bit(p, n, (bit) + 1))
#define for_each_set_bit_from(bit, p, n) \
	for ((bit) = find_next_bit(p, n, bit); (bit) < (n); (bit) = find_next_bit(p, n, (bit) + 1))
#define __test_and_change_bit(n, p) __with_bit(n, p, ({ int __was_set = (*__bw >> __bit(__bn)) & 1; __bit_change; __was_set; }))
static inline u32 rol32(u32 w, unsigned int n) { return w << (n & 31) | w >> (-n & 31); }
#define ror32(w, n) rol32((w), -(unsigned int)(n))
static inline s32 sign_extend32(u32 v, int i) { return (s32)(v << (31 - i)) >> (31 - i); }

#endif
