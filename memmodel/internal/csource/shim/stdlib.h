#ifndef __SHIM_STDLIB_H
#define __SHIM_STDLIB_H

#include <stddef.h>

static inline void *malloc(size_t n) { return __cc_alloc(n, 0); }
#define calloc(n, m) __cc_alloc((n) * (m), 1)
#define aligned_alloc(a, n) __cc_alloc((n), 0)
#define realloc(p, n) ({ __cc_mark("realloc"); __cc_realloc((p), (n)); })
static inline void free(void *p) { __cc_free(p); }
void abort(void);
static inline void exit(int n) { __cc_exit_all(); }
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

/* What atexit registers runs where main returns, or where exit is called. */
#define __ATEXIT_MAX 4
static void (*__atexit_f[__ATEXIT_MAX])(void);
static int __atexit_n;
static inline void __atexit_run(void)
{
	int n = (int)__cc_c11("c11_load", 2, 0, &__atexit_n);

	while (n > 0)
		__atexit_f[--n]();
}
static inline int __atexit_add(void (*f)(void))
{
	int n = (int)__cc_c11("c11_load", 0, 0, &__atexit_n);

	if (n >= __ATEXIT_MAX)
		return 1;
	__atexit_f[n] = f;
	__cc_c11("c11_store", 3, 0, &__atexit_n, n + 1);
	return 0;
}
#define atexit(f) (0 ? (__atexit_run(), 0) : __atexit_add(f))
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
