#ifndef __SHIM_STDLIB_H
#define __SHIM_STDLIB_H

#include <stddef.h>

#define malloc(n) __cc_alloc((n), 0)
#define calloc(n, m) __cc_alloc((n) * (m), 1)
#define aligned_alloc(a, n) __cc_alloc((n), 0)
#define realloc(p, n) ({ __cc_mark("realloc"); __cc_realloc((p), (n)); })
#define free(p) __cc_free(p)
void abort(void);
#define exit(n) __cc_exit((void *)0)
#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1

#ifndef abs
static inline int abs(int n) { return n < 0 ? -n : n; }
#endif
static inline long labs(long n) { return n < 0 ? -n : n; }

#define RAND_MAX 2147483647
extern int __VERIFIER_nondet_int(void);
static inline int rand(void) { return __VERIFIER_nondet_int() & RAND_MAX; }
static inline int rand_r(unsigned *seed) { return rand(); }
static inline long random(void) { return rand(); }
static inline void srand(unsigned seed) { }
static inline void srandom(unsigned seed) { }

#endif
