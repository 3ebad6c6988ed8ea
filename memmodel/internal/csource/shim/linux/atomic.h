#ifndef __SHIM_LINUX_ATOMIC_H
#define __SHIM_LINUX_ATOMIC_H

#include <linux/types.h>
#include <asm/barrier.h>
#include <asm/processor.h>

#define ATOMIC_INIT(i) { (i) }
#define ATOMIC64_INIT(i) { (i) }
#define ATOMIC_LONG_INIT(i) { (i) }

/* xchg and cmpxchg on variables of any type */

#define xchg(p, v) ((__typeof__(*(p)))__cc_prim("xchg", (p), (__typeof__(*(p)))(v)))
#define xchg_relaxed(p, v) ((__typeof__(*(p)))__cc_prim("xchg_relaxed", (p), (__typeof__(*(p)))(v)))
#define xchg_acquire(p, v) ((__typeof__(*(p)))__cc_prim("xchg_acquire", (p), (__typeof__(*(p)))(v)))
#define xchg_release(p, v) ((__typeof__(*(p)))__cc_prim("xchg_release", (p), (__typeof__(*(p)))(v)))
#define cmpxchg(p, o, v) ((__typeof__(*(p)))__cc_prim("cmpxchg", (p), (__typeof__(*(p)))(o), (__typeof__(*(p)))(v)))
#define cmpxchg_relaxed(p, o, v) ((__typeof__(*(p)))__cc_prim("cmpxchg_relaxed", (p), (__typeof__(*(p)))(o), (__typeof__(*(p)))(v)))
#define cmpxchg_acquire(p, o, v) ((__typeof__(*(p)))__cc_prim("cmpxchg_acquire", (p), (__typeof__(*(p)))(o), (__typeof__(*(p)))(v)))
#define cmpxchg_release(p, o, v) ((__typeof__(*(p)))__cc_prim("cmpxchg_release", (p), (__typeof__(*(p)))(o), (__typeof__(*(p)))(v)))
#define cmpxchg64(p, o, v) ((__typeof__(*(p)))__cc_prim("cmpxchg64", (p), (__typeof__(*(p)))(o), (__typeof__(*(p)))(v)))
#define cmpxchg64_relaxed(p, o, v) ((__typeof__(*(p)))__cc_prim("cmpxchg64_relaxed", (p), (__typeof__(*(p)))(o), (__typeof__(*(p)))(v)))
#define cmpxchg64_acquire(p, o, v) ((__typeof__(*(p)))__cc_prim("cmpxchg64_acquire", (p), (__typeof__(*(p)))(o), (__typeof__(*(p)))(v)))
#define cmpxchg64_release(p, o, v) ((__typeof__(*(p)))__cc_prim("cmpxchg64_release", (p), (__typeof__(*(p)))(o), (__typeof__(*(p)))(v)))

/* One that may fail: it writes what it found to *o, a variable of the caller. */
#define __try_cmpxchg(op, p, o, v) ({ \
	__typeof__(*(p)) *__try_o = (o); \
	__typeof__(*(p)) __try_old = *__try_o; \
	__typeof__(*(p)) __try_was = op((p), __try_old, (v)); \
	_Bool __try_ok = __try_was == __try_old; \
	if (!__try_ok) \
		*__try_o = __try_was; \
	__try_ok; })
#define try_cmpxchg(p, o, v) __try_cmpxchg(cmpxchg, (p), (o), (v))
#define try_cmpxchg_relaxed(p, o, v) __try_cmpxchg(cmpxchg_relaxed, (p), (o), (v))
#define try_cmpxchg_acquire(p, o, v) __try_cmpxchg(cmpxchg_acquire, (p), (o), (v))
#define try_cmpxchg_release(p, o, v) __try_cmpxchg(cmpxchg_release, (p), (o), (v))

/* atomic_t */
#define atomic_read(v) ((int)__cc_prim("atomic_read", &(v)->counter))
#define atomic_set(v, i) ((void)__cc_prim("atomic_set", &(v)->counter, (int)(i)))
#define atomic_read_acquire(v) ((int)__cc_prim("atomic_read_acquire", &(v)->counter))
#define atomic_set_release(v, i) ((void)__cc_prim("atomic_set_release", &(v)->counter, (int)(i)))
#define atomic_add(i, v) ((void)__cc_prim("atomic_add", (int)(i), &(v)->counter))
#define atomic_sub(i, v) ((void)__cc_prim("atomic_sub", (int)(i), &(v)->counter))
#define atomic_and(i, v) ((void)__cc_prim("atomic_and", (int)(i), &(v)->counter))
#define atomic_or(i, v) ((void)__cc_prim("atomic_or", (int)(i), &(v)->counter))
#define atomic_xor(i, v) ((void)__cc_prim("atomic_xor", (int)(i), &(v)->counter))
#define atomic_andnot(i, v) ((void)__cc_prim("atomic_andnot", (int)(i), &(v)->counter))
#define atomic_inc(v) ((void)__cc_prim("atomic_inc", &(v)->counter))
#define atomic_dec(v) ((void)__cc_prim("atomic_dec", &(v)->counter))
#define atomic_add_return(i, v) ((int)__cc_prim("atomic_add_return", (int)(i), &(v)->counter))
#define atomic_sub_return(i, v) ((int)__cc_prim("atomic_sub_return", (int)(i), &(v)->counter))
#define atomic_fetch_add(i, v) ((int)__cc_prim("atomic_fetch_add", (int)(i), &(v)->counter))
#define atomic_fetch_sub(i, v) ((int)__cc_prim("atomic_fetch_sub", (int)(i), &(v)->counter))
#define atomic_fetch_and(i, v) ((int)__cc_prim("atomic_fetch_and", (int)(i), &(v)->counter))
#define atomic_fetch_or(i, v) ((int)__cc_prim("atomic_fetch_or", (int)(i), &(v)->counter))
#define atomic_fetch_xor(i, v) ((int)__cc_prim("atomic_fetch_xor", (int)(i), &(v)->counter))
#define atomic_fetch_andnot(i, v) ((int)__cc_prim("atomic_fetch_andnot", (int)(i), &(v)->counter))
#define atomic_inc_return(v) ((int)__cc_prim("atomic_inc_return", &(v)->counter))
#define atomic_dec_return(v) ((int)__cc_prim("atomic_dec_return", &(v)->counter))
#define atomic_fetch_inc(v) ((int)__cc_prim("atomic_fetch_inc", &(v)->counter))
#define atomic_fetch_dec(v) ((int)__cc_prim("atomic_fetch_dec", &(v)->counter))
#define atomic_xchg(v, i) ((int)__cc_prim("atomic_xchg", &(v)->counter, (int)(i)))
#define atomic_cmpxchg(v, o, i) ((int)__cc_prim("atomic_cmpxchg", &(v)->counter, (int)(o), (int)(i)))
#define atomic_try_cmpxchg(v, o, i) ({ \
	int *__try_o = (o); \
	int __try_old = *__try_o; \
	int __try_was = atomic_cmpxchg((v), __try_old, (i)); \
	_Bool __try_ok = __try_was == __try_old; \
	if (!__try_ok) \
		*__try_o = __try_was; \
	__try_ok; })
#define atomic_add_return_relaxed(i, v) ((int)__cc_prim("atomic_add_return_relaxed", (int)(i), &(v)->counter))
#define atomic_sub_return_relaxed(i, v) ((int)__cc_prim("atomic_sub_return_relaxed", (int)(i), &(v)->counter))
#define atomic_fetch_add_relaxed(i, v) ((int)__cc_prim("atomic_fetch_add_relaxed", (int)(i), &(v)->counter))
#define atomic_fetch_sub_relaxed(i, v) ((int)__cc_prim("atomic_fetch_sub_relaxed", (int)(i), &(v)->counter))
#define atomic_fetch_and_relaxed(i, v) ((int)__cc_prim("atomic_fetch_and_relaxed", (int)(i), &(v)->counter))
#define atomic_fetch_or_relaxed(i, v) ((int)__cc_prim("atomic_fetch_or_relaxed", (int)(i), &(v)->counter))
#define atomic_fetch_xor_relaxed(i, v) ((int)__cc_prim("atomic_fetch_xor_relaxed", (int)(i), &(v)->counter))
#define atomic_fetch_andnot_relaxed(i, v) ((int)__cc_prim("atomic_fetch_andnot_relaxed", (int)(i), &(v)->counter))
#define atomic_inc_return_relaxed(v) ((int)__cc_prim("atomic_inc_return_relaxed", &(v)->counter))
#define atomic_dec_return_relaxed(v) ((int)__cc_prim("atomic_dec_return_relaxed", &(v)->counter))
#define atomic_fetch_inc_relaxed(v) ((int)__cc_prim("atomic_fetch_inc_relaxed", &(v)->counter))
#define atomic_fetch_dec_relaxed(v) ((int)__cc_prim("atomic_fetch_dec_relaxed", &(v)->counter))
#define atomic_xchg_relaxed(v, i) ((int)__cc_prim("atomic_xchg_relaxed", &(v)->counter, (int)(i)))
#define atomic_cmpxchg_relaxed(v, o, i) ((int)__cc_prim("atomic_cmpxchg_relaxed", &(v)->counter, (int)(o), (int)(i)))
#define atomic_try_cmpxchg_relaxed(v, o, i) ({ \
	int *__try_o = (o); \
	int __try_old = *__try_o; \
	int __try_was = atomic_cmpxchg_relaxed((v), __try_old, (i)); \
	_Bool __try_ok = __try_was == __try_old; \
	if (!__try_ok) \
		*__try_o = __try_was; \
	__try_ok; })
#define atomic_add_return_acquire(i, v) ((int)__cc_prim("atomic_add_return_acquire", (int)(i), &(v)->counter))
#define atomic_sub_return_acquire(i, v) ((int)__cc_prim("atomic_sub_return_acquire", (int)(i), &(v)->counter))
#define atomic_fetch_add_acquire(i, v) ((int)__cc_prim("atomic_fetch_add_acquire", (int)(i), &(v)->counter))
#define atomic_fetch_sub_acquire(i, v) ((int)__cc_prim("atomic_fetch_sub_acquire", (int)(i), &(v)->counter))
#define atomic_fetch_and_acquire(i, v) ((int)__cc_prim("atomic_fetch_and_acquire", (int)(i), &(v)->counter))
#define atomic_fetch_or_acquire(i, v) ((int)__cc_prim("atomic_fetch_or_acquire", (int)(i), &(v)->counter))
#define atomic_fetch_xor_acquire(i, v) ((int)__cc_prim("atomic_fetch_xor_acquire", (int)(i), &(v)->counter))
#define atomic_fetch_andnot_acquire(i, v) ((int)__cc_prim("atomic_fetch_andnot_acquire", (int)(i), &(v)->counter))
#define atomic_inc_return_acquire(v) ((int)__cc_prim("atomic_inc_return_acquire", &(v)->counter))
#define atomic_dec_return_acquire(v) ((int)__cc_prim("atomic_dec_return_acquire", &(v)->counter))
#define atomic_fetch_inc_acquire(v) ((int)__cc_prim("atomic_fetch_inc_acquire", &(v)->counter))
#define atomic_fetch_dec_acquire(v) ((int)__cc_prim("atomic_fetch_dec_acquire", &(v)->counter))
#define atomic_xchg_acquire(v, i) ((int)__cc_prim("atomic_xchg_acquire", &(v)->counter, (int)(i)))
#define atomic_cmpxchg_acquire(v, o, i) ((int)__cc_prim("atomic_cmpxchg_acquire", &(v)->counter, (int)(o), (int)(i)))
#define atomic_try_cmpxchg_acquire(v, o, i) ({ \
	int *__try_o = (o); \
	int __try_old = *__try_o; \
	int __try_was = atomic_cmpxchg_acquire((v), __try_old, (i)); \
	_Bool __try_ok = __try_was == __try_old; \
	if (!__try_ok) \
		*__try_o = __try_was; \
	__try_ok; })
#define atomic_add_return_release(i, v) ((int)__cc_prim("atomic_add_return_release", (int)(i), &(v)->counter))
#define atomic_sub_return_release(i, v) ((int)__cc_prim("atomic_sub_return_release", (int)(i), &(v)->counter))
#define atomic_fetch_add_release(i, v) ((int)__cc_prim("atomic_fetch_add_release", (int)(i), &(v)->counter))
#define atomic_fetch_sub_release(i, v) ((int)__cc_prim("atomic_fetch_sub_release", (int)(i), &(v)->counter))
#define atomic_fetch_and_release(i, v) ((int)__cc_prim("atomic_fetch_and_release", (int)(i), &(v)->counter))
#define atomic_fetch_or_release(i, v) ((int)__cc_prim("atomic_fetch_or_release", (int)(i), &(v)->counter))
#define atomic_fetch_xor_release(i, v) ((int)__cc_prim("atomic_fetch_xor_release", (int)(i), &(v)->counter))
#define atomic_fetch_andnot_release(i, v) ((int)__cc_prim("atomic_fetch_andnot_release", (int)(i), &(v)->counter))
#define atomic_inc_return_release(v) ((int)__cc_prim("atomic_inc_return_release", &(v)->counter))
#define atomic_dec_return_release(v) ((int)__cc_prim("atomic_dec_return_release", &(v)->counter))
#define atomic_fetch_inc_release(v) ((int)__cc_prim("atomic_fetch_inc_release", &(v)->counter))
#define atomic_fetch_dec_release(v) ((int)__cc_prim("atomic_fetch_dec_release", &(v)->counter))
#define atomic_xchg_release(v, i) ((int)__cc_prim("atomic_xchg_release", &(v)->counter, (int)(i)))
#define atomic_cmpxchg_release(v, o, i) ((int)__cc_prim("atomic_cmpxchg_release", &(v)->counter, (int)(o), (int)(i)))
#define atomic_try_cmpxchg_release(v, o, i) ({ \
	int *__try_o = (o); \
	int __try_old = *__try_o; \
	int __try_was = atomic_cmpxchg_release((v), __try_old, (i)); \
	_Bool __try_ok = __try_was == __try_old; \
	if (!__try_ok) \
		*__try_o = __try_was; \
	__try_ok; })
#define atomic_sub_and_test(i, v) ((int)__cc_prim("atomic_sub_and_test", (int)(i), &(v)->counter))
#define atomic_add_negative(i, v) ((int)__cc_prim("atomic_add_negative", (int)(i), &(v)->counter))
#define atomic_inc_and_test(v) ((int)__cc_prim("atomic_inc_and_test", &(v)->counter))
#define atomic_dec_and_test(v) ((int)__cc_prim("atomic_dec_and_test", &(v)->counter))
#define atomic_inc_not_zero(v) ((int)__cc_prim("atomic_inc_not_zero", &(v)->counter))
#define atomic_add_unless(v, i, u) ((int)__cc_prim("atomic_add_unless", &(v)->counter, (int)(i), (int)(u)))

/* atomic64_t */
#define atomic64_read(v) ((s64)__cc_prim("atomic64_read", &(v)->counter))
#define atomic64_set(v, i) ((void)__cc_prim("atomic64_set", &(v)->counter, (s64)(i)))
#define atomic64_read_acquire(v) ((s64)__cc_prim("atomic64_read_acquire", &(v)->counter))
#define atomic64_set_release(v, i) ((void)__cc_prim("atomic64_set_release", &(v)->counter, (s64)(i)))
#define atomic64_add(i, v) ((void)__cc_prim("atomic64_add", (s64)(i), &(v)->counter))
#define atomic64_sub(i, v) ((void)__cc_prim("atomic64_sub", (s64)(i), &(v)->counter))
#define atomic64_and(i, v) ((void)__cc_prim("atomic64_and", (s64)(i), &(v)->counter))
#define atomic64_or(i, v) ((void)__cc_prim("atomic64_or", (s64)(i), &(v)->counter))
#define atomic64_xor(i, v) ((void)__cc_prim("atomic64_xor", (s64)(i), &(v)->counter))
#define atomic64_andnot(i, v) ((void)__cc_prim("atomic64_andnot", (s64)(i), &(v)->counter))
#define atomic64_inc(v) ((void)__cc_prim("atomic64_inc", &(v)->counter))
#define atomic64_dec(v) ((void)__cc_prim("atomic64_dec", &(v)->counter))
#define atomic64_add_return(i, v) ((s64)__cc_prim("atomic64_add_return", (s64)(i), &(v)->counter))
#define atomic64_sub_return(i, v) ((s64)__cc_prim("atomic64_sub_return", (s64)(i), &(v)->counter))
#define atomic64_fetch_add(i, v) ((s64)__cc_prim("atomic64_fetch_add", (s64)(i), &(v)->counter))
#define atomic64_fetch_sub(i, v) ((s64)__cc_prim("atomic64_fetch_sub", (s64)(i), &(v)->counter))
#define atomic64_fetch_and(i, v) ((s64)__cc_prim("atomic64_fetch_and", (s64)(i), &(v)->counter))
#define atomic64_fetch_or(i, v) ((s64)__cc_prim("atomic64_fetch_or", (s64)(i), &(v)->counter))
#define atomic64_fetch_xor(i, v) ((s64)__cc_prim("atomic64_fetch_xor", (s64)(i), &(v)->counter))
#define atomic64_fetch_andnot(i, v) ((s64)__cc_prim("atomic64_fetch_andnot", (s64)(i), &(v)->counter))
#define atomic64_inc_return(v) ((s64)__cc_prim("atomic64_inc_return", &(v)->counter))
#define atomic64_dec_return(v) ((s64)__cc_prim("atomic64_dec_return", &(v)->counter))
#define atomic64_fetch_inc(v) ((s64)__cc_prim("atomic64_fetch_inc", &(v)->counter))
#define atomic64_fetch_dec(v) ((s64)__cc_prim("atomic64_fetch_dec", &(v)->counter))
#define atomic64_xchg(v, i) ((s64)__cc_prim("atomic64_xchg", &(v)->counter, (s64)(i)))
#define atomic64_cmpxchg(v, o, i) ((s64)__cc_prim("atomic64_cmpxchg", &(v)->counter, (s64)(o), (s64)(i)))
#define atomic64_try_cmpxchg(v, o, i) ({ \
	s64 *__try_o = (o); \
	s64 __try_old = *__try_o; \
	s64 __try_was = atomic64_cmpxchg((v), __try_old, (i)); \
	_Bool __try_ok = __try_was == __try_old; \
	if (!__try_ok) \
		*__try_o = __try_was; \
	__try_ok; })
#define atomic64_add_return_relaxed(i, v) ((s64)__cc_prim("atomic64_add_return_relaxed", (s64)(i), &(v)->counter))
#define atomic64_sub_return_relaxed(i, v) ((s64)__cc_prim("atomic64_sub_return_relaxed", (s64)(i), &(v)->counter))
#define atomic64_fetch_add_relaxed(i, v) ((s64)__cc_prim("atomic64_fetch_add_relaxed", (s64)(i), &(v)->counter))
#define atomic64_fetch_sub_relaxed(i, v) ((s64)__cc_prim("atomic64_fetch_sub_relaxed", (s64)(i), &(v)->counter))
#define atomic64_fetch_and_relaxed(i, v) ((s64)__cc_prim("atomic64_fetch_and_relaxed", (s64)(i), &(v)->counter))
#define atomic64_fetch_or_relaxed(i, v) ((s64)__cc_prim("atomic64_fetch_or_relaxed", (s64)(i), &(v)->counter))
#define atomic64_fetch_xor_relaxed(i, v) ((s64)__cc_prim("atomic64_fetch_xor_relaxed", (s64)(i), &(v)->counter))
#define atomic64_fetch_andnot_relaxed(i, v) ((s64)__cc_prim("atomic64_fetch_andnot_relaxed", (s64)(i), &(v)->counter))
#define atomic64_inc_return_relaxed(v) ((s64)__cc_prim("atomic64_inc_return_relaxed", &(v)->counter))
#define atomic64_dec_return_relaxed(v) ((s64)__cc_prim("atomic64_dec_return_relaxed", &(v)->counter))
#define atomic64_fetch_inc_relaxed(v) ((s64)__cc_prim("atomic64_fetch_inc_relaxed", &(v)->counter))
#define atomic64_fetch_dec_relaxed(v) ((s64)__cc_prim("atomic64_fetch_dec_relaxed", &(v)->counter))
#define atomic64_xchg_relaxed(v, i) ((s64)__cc_prim("atomic64_xchg_relaxed", &(v)->counter, (s64)(i)))
#define atomic64_cmpxchg_relaxed(v, o, i) ((s64)__cc_prim("atomic64_cmpxchg_relaxed", &(v)->counter, (s64)(o), (s64)(i)))
#define atomic64_try_cmpxchg_relaxed(v, o, i) ({ \
	s64 *__try_o = (o); \
	s64 __try_old = *__try_o; \
	s64 __try_was = atomic64_cmpxchg_relaxed((v), __try_old, (i)); \
	_Bool __try_ok = __try_was == __try_old; \
	if (!__try_ok) \
		*__try_o = __try_was; \
	__try_ok; })
#define atomic64_add_return_acquire(i, v) ((s64)__cc_prim("atomic64_add_return_acquire", (s64)(i), &(v)->counter))
#define atomic64_sub_return_acquire(i, v) ((s64)__cc_prim("atomic64_sub_return_acquire", (s64)(i), &(v)->counter))
#define atomic64_fetch_add_acquire(i, v) ((s64)__cc_prim("atomic64_fetch_add_acquire", (s64)(i), &(v)->counter))
#define atomic64_fetch_sub_acquire(i, v) ((s64)__cc_prim("atomic64_fetch_sub_acquire", (s64)(i), &(v)->counter))
#define atomic64_fetch_and_acquire(i, v) ((s64)__cc_prim("atomic64_fetch_and_acquire", (s64)(i), &(v)->counter))
#define atomic64_fetch_or_acquire(i, v) ((s64)__cc_prim("atomic64_fetch_or_acquire", (s64)(i), &(v)->counter))
#define atomic64_fetch_xor_acquire(i, v) ((s64)__cc_prim("atomic64_fetch_xor_acquire", (s64)(i), &(v)->counter))
#define atomic64_fetch_andnot_acquire(i, v) ((s64)__cc_prim("atomic64_fetch_andnot_acquire", (s64)(i), &(v)->counter))
#define atomic64_inc_return_acquire(v) ((s64)__cc_prim("atomic64_inc_return_acquire", &(v)->counter))
#define atomic64_dec_return_acquire(v) ((s64)__cc_prim("atomic64_dec_return_acquire", &(v)->counter))
#define atomic64_fetch_inc_acquire(v) ((s64)__cc_prim("atomic64_fetch_inc_acquire", &(v)->counter))
#define atomic64_fetch_dec_acquire(v) ((s64)__cc_prim("atomic64_fetch_dec_acquire", &(v)->counter))
#define atomic64_xchg_acquire(v, i) ((s64)__cc_prim("atomic64_xchg_acquire", &(v)->counter, (s64)(i)))
#define atomic64_cmpxchg_acquire(v, o, i) ((s64)__cc_prim("atomic64_cmpxchg_acquire", &(v)->counter, (s64)(o), (s64)(i)))
#define atomic64_try_cmpxchg_acquire(v, o, i) ({ \
	s64 *__try_o = (o); \
	s64 __try_old = *__try_o; \
	s64 __try_was = atomic64_cmpxchg_acquire((v), __try_old, (i)); \
	_Bool __try_ok = __try_was == __try_old; \
	if (!__try_ok) \
		*__try_o = __try_was; \
	__try_ok; })
#define atomic64_add_return_release(i, v) ((s64)__cc_prim("atomic64_add_return_release", (s64)(i), &(v)->counter))
#define atomic64_sub_return_release(i, v) ((s64)__cc_prim("atomic64_sub_return_release", (s64)(i), &(v)->counter))
#define atomic64_fetch_add_release(i, v) ((s64)__cc_prim("atomic64_fetch_add_release", (s64)(i), &(v)->counter))
#define atomic64_fetch_sub_release(i, v) ((s64)__cc_prim("atomic64_fetch_sub_release", (s64)(i), &(v)->counter))
#define atomic64_fetch_and_release(i, v) ((s64)__cc_prim("atomic64_fetch_and_release", (s64)(i), &(v)->counter))
#define atomic64_fetch_or_release(i, v) ((s64)__cc_prim("atomic64_fetch_or_release", (s64)(i), &(v)->counter))
#define atomic64_fetch_xor_release(i, v) ((s64)__cc_prim("atomic64_fetch_xor_release", (s64)(i), &(v)->counter))
#define atomic64_fetch_andnot_release(i, v) ((s64)__cc_prim("atomic64_fetch_andnot_release", (s64)(i), &(v)->counter))
#define atomic64_inc_return_release(v) ((s64)__cc_prim("atomic64_inc_return_release", &(v)->counter))
#define atomic64_dec_return_release(v) ((s64)__cc_prim("atomic64_dec_return_release", &(v)->counter))
#define atomic64_fetch_inc_release(v) ((s64)__cc_prim("atomic64_fetch_inc_release", &(v)->counter))
#define atomic64_fetch_dec_release(v) ((s64)__cc_prim("atomic64_fetch_dec_release", &(v)->counter))
#define atomic64_xchg_release(v, i) ((s64)__cc_prim("atomic64_xchg_release", &(v)->counter, (s64)(i)))
#define atomic64_cmpxchg_release(v, o, i) ((s64)__cc_prim("atomic64_cmpxchg_release", &(v)->counter, (s64)(o), (s64)(i)))
#define atomic64_try_cmpxchg_release(v, o, i) ({ \
	s64 *__try_o = (o); \
	s64 __try_old = *__try_o; \
	s64 __try_was = atomic64_cmpxchg_release((v), __try_old, (i)); \
	_Bool __try_ok = __try_was == __try_old; \
	if (!__try_ok) \
		*__try_o = __try_was; \
	__try_ok; })
#define atomic64_sub_and_test(i, v) ((int)__cc_prim("atomic64_sub_and_test", (s64)(i), &(v)->counter))
#define atomic64_add_negative(i, v) ((int)__cc_prim("atomic64_add_negative", (s64)(i), &(v)->counter))
#define atomic64_inc_and_test(v) ((int)__cc_prim("atomic64_inc_and_test", &(v)->counter))
#define atomic64_dec_and_test(v) ((int)__cc_prim("atomic64_dec_and_test", &(v)->counter))
#define atomic64_inc_not_zero(v) ((int)__cc_prim("atomic64_inc_not_zero", &(v)->counter))
#define atomic64_add_unless(v, i, u) ((int)__cc_prim("atomic64_add_unless", &(v)->counter, (s64)(i), (s64)(u)))

/* atomic_long_t */
#define atomic_long_read(v) ((long)__cc_prim("atomic_long_read", &(v)->counter))
#define atomic_long_set(v, i) ((void)__cc_prim("atomic_long_set", &(v)->counter, (long)(i)))
#define atomic_long_read_acquire(v) ((long)__cc_prim("atomic_long_read_acquire", &(v)->counter))
#define atomic_long_set_release(v, i) ((void)__cc_prim("atomic_long_set_release", &(v)->counter, (long)(i)))
#define atomic_long_add(i, v) ((void)__cc_prim("atomic_long_add", (long)(i), &(v)->counter))
#define atomic_long_sub(i, v) ((void)__cc_prim("atomic_long_sub", (long)(i), &(v)->counter))
#define atomic_long_and(i, v) ((void)__cc_prim("atomic_long_and", (long)(i), &(v)->counter))
#define atomic_long_or(i, v) ((void)__cc_prim("atomic_long_or", (long)(i), &(v)->counter))
#define atomic_long_xor(i, v) ((void)__cc_prim("atomic_long_xor", (long)(i), &(v)->counter))
#define atomic_long_andnot(i, v) ((void)__cc_prim("atomic_long_andnot", (long)(i), &(v)->counter))
#define atomic_long_inc(v) ((void)__cc_prim("atomic_long_inc", &(v)->counter))
#define atomic_long_dec(v) ((void)__cc_prim("atomic_long_dec", &(v)->counter))
#define atomic_long_add_return(i, v) ((long)__cc_prim("atomic_long_add_return", (long)(i), &(v)->counter))
#define atomic_long_sub_return(i, v) ((long)__cc_prim("atomic_long_sub_return", (long)(i), &(v)->counter))
#define atomic_long_fetch_add(i, v) ((long)__cc_prim("atomic_long_fetch_add", (long)(i), &(v)->counter))
#define atomic_long_fetch_sub(i, v) ((long)__cc_prim("atomic_long_fetch_sub", (long)(i), &(v)->counter))
#define atomic_long_fetch_and(i, v) ((long)__cc_prim("atomic_long_fetch_and", (long)(i), &(v)->counter))
#define atomic_long_fetch_or(i, v) ((long)__cc_prim("atomic_long_fetch_or", (long)(i), &(v)->counter))
#define atomic_long_fetch_xor(i, v) ((long)__cc_prim("atomic_long_fetch_xor", (long)(i), &(v)->counter))
#define atomic_long_fetch_andnot(i, v) ((long)__cc_prim("atomic_long_fetch_andnot", (long)(i), &(v)->counter))
#define atomic_long_inc_return(v) ((long)__cc_prim("atomic_long_inc_return", &(v)->counter))
#define atomic_long_dec_return(v) ((long)__cc_prim("atomic_long_dec_return", &(v)->counter))
#define atomic_long_fetch_inc(v) ((long)__cc_prim("atomic_long_fetch_inc", &(v)->counter))
#define atomic_long_fetch_dec(v) ((long)__cc_prim("atomic_long_fetch_dec", &(v)->counter))
#define atomic_long_xchg(v, i) ((long)__cc_prim("atomic_long_xchg", &(v)->counter, (long)(i)))
#define atomic_long_cmpxchg(v, o, i) ((long)__cc_prim("atomic_long_cmpxchg", &(v)->counter, (long)(o), (long)(i)))
#define atomic_long_try_cmpxchg(v, o, i) ({ \
	long *__try_o = (o); \
	long __try_old = *__try_o; \
	long __try_was = atomic_long_cmpxchg((v), __try_old, (i)); \
	_Bool __try_ok = __try_was == __try_old; \
	if (!__try_ok) \
		*__try_o = __try_was; \
	__try_ok; })
#define atomic_long_add_return_relaxed(i, v) ((long)__cc_prim("atomic_long_add_return_relaxed", (long)(i), &(v)->counter))
#define atomic_long_sub_return_relaxed(i, v) ((long)__cc_prim("atomic_long_sub_return_relaxed", (long)(i), &(v)->counter))
#define atomic_long_fetch_add_relaxed(i, v) ((long)__cc_prim("atomic_long_fetch_add_relaxed", (long)(i), &(v)->counter))
#define atomic_long_fetch_sub_relaxed(i, v) ((long)__cc_prim("atomic_long_fetch_sub_relaxed", (long)(i), &(v)->counter))
#define atomic_long_fetch_and_relaxed(i, v) ((long)__cc_prim("atomic_long_fetch_and_relaxed", (long)(i), &(v)->counter))
#define atomic_long_fetch_or_relaxed(i, v) ((long)__cc_prim("atomic_long_fetch_or_relaxed", (long)(i), &(v)->counter))
#define atomic_long_fetch_xor_relaxed(i, v) ((long)__cc_prim("atomic_long_fetch_xor_relaxed", (long)(i), &(v)->counter))
#define atomic_long_fetch_andnot_relaxed(i, v) ((long)__cc_prim("atomic_long_fetch_andnot_relaxed", (long)(i), &(v)->counter))
#define atomic_long_inc_return_relaxed(v) ((long)__cc_prim("atomic_long_inc_return_relaxed", &(v)->counter))
#define atomic_long_dec_return_relaxed(v) ((long)__cc_prim("atomic_long_dec_return_relaxed", &(v)->counter))
#define atomic_long_fetch_inc_relaxed(v) ((long)__cc_prim("atomic_long_fetch_inc_relaxed", &(v)->counter))
#define atomic_long_fetch_dec_relaxed(v) ((long)__cc_prim("atomic_long_fetch_dec_relaxed", &(v)->counter))
#define atomic_long_xchg_relaxed(v, i) ((long)__cc_prim("atomic_long_xchg_relaxed", &(v)->counter, (long)(i)))
#define atomic_long_cmpxchg_relaxed(v, o, i) ((long)__cc_prim("atomic_long_cmpxchg_relaxed", &(v)->counter, (long)(o), (long)(i)))
#define atomic_long_try_cmpxchg_relaxed(v, o, i) ({ \
	long *__try_o = (o); \
	long __try_old = *__try_o; \
	long __try_was = atomic_long_cmpxchg_relaxed((v), __try_old, (i)); \
	_Bool __try_ok = __try_was == __try_old; \
	if (!__try_ok) \
		*__try_o = __try_was; \
	__try_ok; })
#define atomic_long_add_return_acquire(i, v) ((long)__cc_prim("atomic_long_add_return_acquire", (long)(i), &(v)->counter))
#define atomic_long_sub_return_acquire(i, v) ((long)__cc_prim("atomic_long_sub_return_acquire", (long)(i), &(v)->counter))
#define atomic_long_fetch_add_acquire(i, v) ((long)__cc_prim("atomic_long_fetch_add_acquire", (long)(i), &(v)->counter))
#define atomic_long_fetch_sub_acquire(i, v) ((long)__cc_prim("atomic_long_fetch_sub_acquire", (long)(i), &(v)->counter))
#define atomic_long_fetch_and_acquire(i, v) ((long)__cc_prim("atomic_long_fetch_and_acquire", (long)(i), &(v)->counter))
#define atomic_long_fetch_or_acquire(i, v) ((long)__cc_prim("atomic_long_fetch_or_acquire", (long)(i), &(v)->counter))
#define atomic_long_fetch_xor_acquire(i, v) ((long)__cc_prim("atomic_long_fetch_xor_acquire", (long)(i), &(v)->counter))
#define atomic_long_fetch_andnot_acquire(i, v) ((long)__cc_prim("atomic_long_fetch_andnot_acquire", (long)(i), &(v)->counter))
#define atomic_long_inc_return_acquire(v) ((long)__cc_prim("atomic_long_inc_return_acquire", &(v)->counter))
#define atomic_long_dec_return_acquire(v) ((long)__cc_prim("atomic_long_dec_return_acquire", &(v)->counter))
#define atomic_long_fetch_inc_acquire(v) ((long)__cc_prim("atomic_long_fetch_inc_acquire", &(v)->counter))
#define atomic_long_fetch_dec_acquire(v) ((long)__cc_prim("atomic_long_fetch_dec_acquire", &(v)->counter))
#define atomic_long_xchg_acquire(v, i) ((long)__cc_prim("atomic_long_xchg_acquire", &(v)->counter, (long)(i)))
#define atomic_long_cmpxchg_acquire(v, o, i) ((long)__cc_prim("atomic_long_cmpxchg_acquire", &(v)->counter, (long)(o), (long)(i)))
#define atomic_long_try_cmpxchg_acquire(v, o, i) ({ \
	long *__try_o = (o); \
	long __try_old = *__try_o; \
	long __try_was = atomic_long_cmpxchg_acquire((v), __try_old, (i)); \
	_Bool __try_ok = __try_was == __try_old; \
	if (!__try_ok) \
		*__try_o = __try_was; \
	__try_ok; })
#define atomic_long_add_return_release(i, v) ((long)__cc_prim("atomic_long_add_return_release", (long)(i), &(v)->counter))
#define atomic_long_sub_return_release(i, v) ((long)__cc_prim("atomic_long_sub_return_release", (long)(i), &(v)->counter))
#define atomic_long_fetch_add_release(i, v) ((long)__cc_prim("atomic_long_fetch_add_release", (long)(i), &(v)->counter))
#define atomic_long_fetch_sub_release(i, v) ((long)__cc_prim("atomic_long_fetch_sub_release", (long)(i), &(v)->counter))
#define atomic_long_fetch_and_release(i, v) ((long)__cc_prim("atomic_long_fetch_and_release", (long)(i), &(v)->counter))
#define atomic_long_fetch_or_release(i, v) ((long)__cc_prim("atomic_long_fetch_or_release", (long)(i), &(v)->counter))
#define atomic_long_fetch_xor_release(i, v) ((long)__cc_prim("atomic_long_fetch_xor_release", (long)(i), &(v)->counter))
#define atomic_long_fetch_andnot_release(i, v) ((long)__cc_prim("atomic_long_fetch_andnot_release", (long)(i), &(v)->counter))
#define atomic_long_inc_return_release(v) ((long)__cc_prim("atomic_long_inc_return_release", &(v)->counter))
#define atomic_long_dec_return_release(v) ((long)__cc_prim("atomic_long_dec_return_release", &(v)->counter))
#define atomic_long_fetch_inc_release(v) ((long)__cc_prim("atomic_long_fetch_inc_release", &(v)->counter))
#define atomic_long_fetch_dec_release(v) ((long)__cc_prim("atomic_long_fetch_dec_release", &(v)->counter))
#define atomic_long_xchg_release(v, i) ((long)__cc_prim("atomic_long_xchg_release", &(v)->counter, (long)(i)))
#define atomic_long_cmpxchg_release(v, o, i) ((long)__cc_prim("atomic_long_cmpxchg_release", &(v)->counter, (long)(o), (long)(i)))
#define atomic_long_try_cmpxchg_release(v, o, i) ({ \
	long *__try_o = (o); \
	long __try_old = *__try_o; \
	long __try_was = atomic_long_cmpxchg_release((v), __try_old, (i)); \
	_Bool __try_ok = __try_was == __try_old; \
	if (!__try_ok) \
		*__try_o = __try_was; \
	__try_ok; })
#define atomic_long_sub_and_test(i, v) ((int)__cc_prim("atomic_long_sub_and_test", (long)(i), &(v)->counter))
#define atomic_long_add_negative(i, v) ((int)__cc_prim("atomic_long_add_negative", (long)(i), &(v)->counter))
#define atomic_long_inc_and_test(v) ((int)__cc_prim("atomic_long_inc_and_test", &(v)->counter))
#define atomic_long_dec_and_test(v) ((int)__cc_prim("atomic_long_dec_and_test", &(v)->counter))
#define atomic_long_inc_not_zero(v) ((int)__cc_prim("atomic_long_inc_not_zero", &(v)->counter))
#define atomic_long_add_unless(v, i, u) ((int)__cc_prim("atomic_long_add_unless", &(v)->counter, (long)(i), (long)(u)))

/* The conditional ones, as the kernel makes them of try_cmpxchg. */
#define __atomic_conditional(prefix, type, type_t) \
static inline type prefix##_fetch_add_unless(type_t *v, type a, type u) \
{ \
	type c = prefix##_read(v); \
\
	do { \
		if (c == u) \
			break; \
	} while (!prefix##_try_cmpxchg(v, &c, c + a)); \
	return c; \
} \
static inline bool prefix##_inc_unless_negative(type_t *v) \
{ \
	type c = prefix##_read(v); \
\
	do { \
		if (c < 0) \
			return 0; \
	} while (!prefix##_try_cmpxchg(v, &c, c + 1)); \
	return 1; \
} \
static inline bool prefix##_dec_unless_positive(type_t *v) \
{ \
	type c = prefix##_read(v); \
\
	do { \
		if (c > 0) \
			return 0; \
	} while (!prefix##_try_cmpxchg(v, &c, c - 1)); \
	return 1; \
} \
static inline type prefix##_dec_if_positive(type_t *v) \
{ \
	type dec, c = prefix##_read(v); \
\
	do { \
		dec = c - 1; \
		if (dec < 0) \
			break; \
	} while (!prefix##_try_cmpxchg(v, &c, dec)); \
	return dec; \
}
__atomic_conditional(atomic, int, atomic_t)
__atomic_conditional(atomic64, s64, atomic64_t)
__atomic_conditional(atomic_long, long, atomic_long_t)

#define atomic_cond_read_acquire(v, c) smp_cond_load_acquire(&(v)->counter, (c))
#define atomic_cond_read_relaxed(v, c) smp_cond_load_relaxed(&(v)->counter, (c))
#define atomic64_cond_read_acquire(v, c) smp_cond_load_acquire(&(v)->counter, (c))
#define atomic64_cond_read_relaxed(v, c) smp_cond_load_relaxed(&(v)->counter, (c))
#define atomic_long_cond_read_acquire(v, c) smp_cond_load_acquire(&(v)->counter, (c))
#define atomic_long_cond_read_relaxed(v, c) smp_cond_load_relaxed(&(v)->counter, (c))

#define try_cmpxchg64(p, o, v) try_cmpxchg(p, o, v)
#define try_cmpxchg64_relaxed(p, o, v) try_cmpxchg_relaxed(p, o, v)
#define try_cmpxchg64_acquire(p, o, v) try_cmpxchg_acquire(p, o, v)
#define try_cmpxchg64_release(p, o, v) try_cmpxchg_release(p, o, v)

/* Of one CPU: another may come between the read and the write. */
#define cmpxchg_local(p, o, v) ({ \
	__typeof__(p) __local_p = (p); \
	__typeof__(*(p)) __local_old = (o), __local_new = (v), __local_was = READ_ONCE(*__local_p); \
	if (__local_was == __local_old) \
		WRITE_ONCE(*__local_p, __local_new); \
	__local_was; })
#define cmpxchg64_local(p, o, v) cmpxchg_local(p, o, v)
#define sync_cmpxchg(p, o, v) cmpxchg(p, o, v)
#define try_cmpxchg_local(p, o, v) __try_cmpxchg(cmpxchg_local, (p), (o), (v))
#define xadd(p, v) ((__typeof__(*(p)))__cc_prim("atomic_fetch_add", (__typeof__(*(p)))(v), (p)))
#define cmpxchg_double(p, q, ...) (__cc_unsupported("cmpxchg_double changes two words at once: put what it guards into one word, or under a lock"), 0)
#define cmpxchg128(p, ...) (__cc_unsupported("cmpxchg128 changes two words at once: put what it guards into one word, or under a lock"), 0)

#define set_mask_bits(p, mask, bits) ({ \
	const __typeof__(*(p)) __set_mask = (mask), __set_bits = (bits); \
	__typeof__(*(p)) *__set_at = (p); \
	__typeof__(*(p)) __set_old = READ_ONCE(*__set_at), __set_new; \
	do { \
		__set_new = (__set_old & ~__set_mask) | __set_bits; \
	} while (!try_cmpxchg(__set_at, &__set_old, __set_new)); \
	__set_old; })
#define fetch_or(p, mask) ((__typeof__(*(p)))__cc_prim("atomic_fetch_or", (__typeof__(*(p)))(mask), (p)))

#endif
