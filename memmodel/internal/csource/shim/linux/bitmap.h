#ifndef __SHIM_LINUX_BITMAP_H
#define __SHIM_LINUX_BITMAP_H

/* Bitmaps, word by word. Bits beyond the end are not kept clear by all of these, as in the
 * kernel: what counts looks at the first ones only. */
#include <linux/bitops.h>
#include <linux/slab.h>

#define BITMAP_FIRST_WORD_MASK(start) (~0UL << ((start) & (BITS_PER_LONG - 1)))
#define BITMAP_LAST_WORD_MASK(n) (~0UL >> (-(n) & (BITS_PER_LONG - 1)))
#define __bitmap_op(name, expr) \
static inline void name(unsigned long *to, const unsigned long *a, const unsigned long *b, unsigned int n) \
{ \
	for (unsigned int i = 0; i < BITS_TO_LONGS(n); i++) \
		to[i] = expr; \
}
__bitmap_op(bitmap_and, a[i] & b[i])
__bitmap_op(bitmap_or, a[i] | b[i])
__bitmap_op(bitmap_xor, a[i] ^ b[i])
__bitmap_op(bitmap_andnot, a[i] & ~b[i])

/* The bits of word i of the first n. */
static inline unsigned long __bitmap_part(const unsigned long *p, unsigned int i, unsigned int n)
{
	return i == BITS_TO_LONGS(n) - 1 ? p[i] & BITMAP_LAST_WORD_MASK(n) : p[i];
}
static inline void bitmap_zero(unsigned long *p, unsigned int n)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(n); i++)
		p[i] = 0;
}
static inline void bitmap_fill(unsigned long *p, unsigned int n)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(n); i++)
		p[i] = i == BITS_TO_LONGS(n) - 1 ? BITMAP_LAST_WORD_MASK(n) : ~0UL;
}
static inline void bitmap_copy(unsigned long *to, const unsigned long *from, unsigned int n)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(n); i++)
		to[i] = from[i];
}
static inline bool bitmap_equal(const unsigned long *a, const unsigned long *b, unsigned int n)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(n); i++)
		if (__bitmap_part(a, i, n) != __bitmap_part(b, i, n))
			return false;
	return true;
}
static inline unsigned int bitmap_weight(const unsigned long *p, unsigned int n)
{
	unsigned int sum = 0;

	for (unsigned int i = 0; i < BITS_TO_LONGS(n); i++)
		sum += hweight_long(__bitmap_part(p, i, n));
	return sum;
}
#define bitmap_empty(p, n) ({ unsigned long __map_end = (n); find_first_bit(p, __map_end) == __map_end; })
#define bitmap_full(p, n) ({ unsigned long __map_end = (n); find_first_zero_bit(p, __map_end) == __map_end; })
static inline bool bitmap_intersects(const unsigned long *a, const unsigned long *b, unsigned int n)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(n); i++)
		if (__bitmap_part(a, i, n) & b[i])
			return true;
	return false;
}
static inline void bitmap_set(unsigned long *p, unsigned int start, unsigned int n)
{
	while (n-- > 0)
		__set_bit(start + n, p);
}
static inline void bitmap_clear(unsigned long *p, unsigned int start, unsigned int n)
{
	while (n-- > 0)
		__clear_bit(start + n, p);
}
#define bitmap_alloc(n, gfp) ((unsigned long *)kmalloc_array(BITS_TO_LONGS(n), sizeof(unsigned long), (gfp)))
#define bitmap_zalloc(n, gfp) ((unsigned long *)kcalloc(BITS_TO_LONGS(n), sizeof(unsigned long), (gfp)))
#define bitmap_free(p) kfree(p)

#endif
