#ifndef __SHIM_STDLIB_H
#define __SHIM_STDLIB_H

#include <stddef.h>

#define malloc(n) __cc_alloc((n), 0)
#define calloc(n, m) __cc_alloc((n) * (m), 1)
#define aligned_alloc(a, n) __cc_alloc((n), 0)
#define realloc(p, n) ({ __cc_mark("realloc"); __cc_realloc((p), (n)); })
#define free(p) __cc_free(p)
void abort(void);
#define exit(n) ((void)(n), __cc_exit_all())
#define _exit(n) exit(n)
#define _Exit(n) exit(n)
#define quick_exit(n) exit(n)
#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1

#ifndef abs
static inline int abs(int n) { return n < 0 ? -n : n; }
#endif
static inline long labs(long n) { return n < 0 ? -n : n; }

#define alloca(n) __builtin_alloca(n)
#define memalign(a, n) __cc_alloc((n), 0)
#define posix_memalign(p, a, n) ({ *(p) = __cc_alloc((n), 0); 0; })
#define atexit(f) (__cc_unsupported("atexit is not supported: call the function before main returns"), 0)
#define system(s) (__cc_unsupported("system is not supported"), 0)
static inline char *getenv(const char *name) { return (char *)0; }

#define RAND_MAX 2147483647
extern int __VERIFIER_nondet_int(void);
static inline int atoi(const char *s) { return __VERIFIER_nondet_int(); }
static inline long atol(const char *s) { return __VERIFIER_nondet_int(); }
#define strtol(s, end, base) ((void)(end), atol(s))
#define strtoul(s, end, base) ((void)(end), (unsigned long)atol(s))
static inline int rand(void) { return __VERIFIER_nondet_int() & RAND_MAX; }
static inline int rand_r(unsigned *seed) { return rand(); }
static inline long random(void) { return rand(); }
static inline void srand(unsigned seed) { }
static inline void srandom(unsigned seed) { }

#endif
