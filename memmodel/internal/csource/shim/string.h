#ifndef __SHIM_STRING_H
#define __SHIM_STRING_H

/* For whole variables, and sizes that are constant; memset to 0 only. */
#include <stddef.h>

#define memset(p, c, n) ({ _Static_assert((c) == 0, "memset sets to 0 only"); __cc_clear((p), (n)); (void *)0; })
#define memcpy(p, q, n) ({ __cc_copy((p), (q), (n)); (void *)0; })
#define memcmp(p, q, n) __cc_compare((p), (q), (n))
#define strcmp(p, q) (__cc_unsupported("strcmp is not supported: compare the characters"), 0)
#define memmove(p, q, n) memcpy(p, q, n)

#endif
