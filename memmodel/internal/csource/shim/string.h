#ifndef __SHIM_STRING_H
#define __SHIM_STRING_H

/* For whole variables, and sizes that are constant. */
#include <stddef.h>

#define memset(p, c, n) ({ __typeof__(p) __filled = (p); __cc_fill(__filled, (c), (n)); __filled; })
#define memcpy(p, q, n) ({ __typeof__(p) __copied = (p); __cc_copy(__copied, (q), (n)); __copied; })
#define memcmp(p, q, n) __cc_compare((p), (q), (n))
#define strcmp(p, q) (__cc_unsupported("strcmp is not supported: compare the characters"), 0)
#define memmove(p, q, n) memcpy(p, q, n)
#define memzero_explicit(p, n) ((void)memset((p), 0, (n)))
#define bzero(p, n) ((void)memset((p), 0, (n)))

#endif
