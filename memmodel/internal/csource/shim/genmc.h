#ifndef __SHIM_GENMC_H
#define __SHIM_GENMC_H

/* What programs for GenMC use beside C11 and pthreads. Hints of how to explore
 * are not needed; persistent memory is not supported. */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>

#define __VERIFIER_assume(e) __cc_assume(!!(e))
#define __VERIFIER_loop_begin() ((void)0)
#define __VERIFIER_spin_start() ((void)0)
#define __VERIFIER_spin_end(e) ((void)(e))
#define __VERIFIER_local_write(s) do { s; } while (0)
#define __VERIFIER_final_write(s) do { s; } while (0)
#define __VERIFIER_helped_CAS(c) do { c; } while (0)
#define __VERIFIER_helping_CAS(c) do { c; } while (0)
#define __VERIFIER_speculative_read(c) (c)
#define __VERIFIER_confirming_read(c) (c)
#define __VERIFIER_confirming_CAS(c) (c)
#define __VERIFIER_final_CAS(c) (c)
#define __VERIFIER_optional(x) ((void)0)

typedef long __VERIFIER_thread_t;
#define __VERIFIER_spawn(f, ...) __cc_create((f), (void *)(__VA_ARGS__))
#define __VERIFIER_spawn_symmetric(f, arg, t) __cc_create((f), (void *)(arg))
#define __VERIFIER_join(t) __cc_join((t), 0)
#define __VERIFIER_join_symmetric(t) __cc_join((t), 0)

/* Hazard pointers. Each thread has two; main has those of number 15. To protect is to read
 * the pointer, to show it, and to see that it is still there: executions in which it is not
 * are as those in which all of this comes later. What is retired is freed at once if no
 * other thread shows it, and otherwise never, which no program can tell from late.
 * M. Michael: Hazard pointers, IEEE TPDS 2004. */
typedef struct { _Atomic(void *) shown; } __VERIFIER_hp_t;

#define __HP_THREADS 16
static __VERIFIER_hp_t __hp_of[__HP_THREADS][2];
static _Thread_local int __hp_used;
static void *__hp_kept[__HP_THREADS];

static inline int __hp_self(void)
{
	return __cc_self() >= 0 && __cc_self() < __HP_THREADS - 1 ? __cc_self() : __HP_THREADS - 1;
}

static inline __VERIFIER_hp_t *__VERIFIER_hp_alloc(void)
{
	int n = __hp_used;

	__hp_used = n + 1;
	return &__hp_of[__hp_self()][n % 2];
}

#define __VERIFIER_hp_protect(hp, addr) ({ \
	void *__hp_seen = (void *)atomic_load_explicit((addr), memory_order_acquire); \
	atomic_store_explicit(&(hp)->shown, __hp_seen, memory_order_release); \
	atomic_thread_fence(memory_order_seq_cst); \
	__cc_assume((void *)atomic_load_explicit((addr), memory_order_acquire) == __hp_seen); \
	__hp_seen; })
#define __VERIFIER_hp_clear(hp) atomic_store_explicit(&(hp)->shown, (void *)0, memory_order_release)
#define __VERIFIER_hp_free(hp) __VERIFIER_hp_clear(hp)

/* A loop over them would count against the bound, because what is read decides. */
#define __HP_ONE(t, n, p) (atomic_load_explicit(&__hp_of[t][n].shown, memory_order_acquire) == (p))
#define __HP_SHOWS(t, p) ((t) == __hp_self() ? 0 : __HP_ONE(t, 0, p) | __HP_ONE(t, 1, p))
#define __HP_FOUR(t, p) (__HP_SHOWS(t, p) | __HP_SHOWS((t) + 1, p) | __HP_SHOWS((t) + 2, p) | __HP_SHOWS((t) + 3, p))

static inline void __VERIFIER_hp_retire(void *p)
{
	atomic_thread_fence(memory_order_seq_cst);
	if (__HP_FOUR(0, p) | __HP_FOUR(4, p) | __HP_FOUR(8, p) | __HP_FOUR(12, p))
		__hp_kept[__hp_self()] = p;
	else
		__cc_free(p);
}

#endif
