#ifndef __SHIM_LINUX_REFCOUNT_H
#define __SHIM_LINUX_REFCOUNT_H

/* Counts of references, that stay where they are once they are saturated:
 * Linux's include/linux/refcount.h. What the kernel warns of must not happen. */
#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>

#define REFCOUNT_INIT(n) { .refs = ATOMIC_INIT(n) }
#define REFCOUNT_MAX 0x7fffffff
#define REFCOUNT_SATURATED (-0x40000000)
typedef struct refcount_struct { atomic_t refs; } refcount_t;

#define refcount_set(r, n) atomic_set(&(r)->refs, n)
#define refcount_set_release(r, n) atomic_set_release(&(r)->refs, n)
#define refcount_read(r) ((unsigned int)atomic_read(&(r)->refs))
static inline void __refcount_warn(refcount_t *r)
{
	atomic_set(&r->refs, REFCOUNT_SATURATED);
	WARN_ON(1);
}

static inline bool refcount_add_not_zero(int i, refcount_t *r)
{
	int old = atomic_read(&r->refs);

	do {
		if (!old)
			break;
	} while (!atomic_try_cmpxchg_relaxed(&r->refs, &old, old + i));
	if (old < 0 || old + i < 0)
		__refcount_warn(r);
	return old;
}
static inline bool refcount_add_not_zero_acquire(int i, refcount_t *r)
{
	int old = atomic_read(&r->refs);

	do {
		if (!old)
			break;
	} while (!atomic_try_cmpxchg_acquire(&r->refs, &old, old + i));
	if (old < 0 || old + i < 0)
		__refcount_warn(r);
	return old;
}
#define refcount_inc_not_zero(r) refcount_add_not_zero(1, r)
#define refcount_inc_not_zero_acquire(r) refcount_add_not_zero_acquire(1, r)

static inline void refcount_add(int i, refcount_t *r)
{
	int old = atomic_fetch_add_relaxed(i, &r->refs);

	if (old <= 0 || old + i < 0)
		__refcount_warn(r);
}
#define refcount_inc(r) refcount_add(1, r)

static inline bool refcount_sub_and_test(int i, refcount_t *r)
{
	int old = atomic_fetch_sub_release(i, &r->refs);

	if (old > 0 && old == i) {
		smp_acquire__after_ctrl_dep();
		return 1;
	}
	if (old <= 0 || old - i < 0)
		__refcount_warn(r);
	return 0;
}
#define refcount_dec_and_test(r) refcount_sub_and_test(1, r)

static inline void refcount_dec(refcount_t *r)
{
	if (atomic_fetch_sub_release(1, &r->refs) <= 1)
		__refcount_warn(r);
}

static inline bool refcount_dec_if_one(refcount_t *r)
{
	int val = 1;

	return atomic_try_cmpxchg_release(&r->refs, &val, 0);
}

static inline bool refcount_dec_not_one(refcount_t *r)
{
	int new, val = atomic_read(&r->refs);

	do {
		if (val == REFCOUNT_SATURATED)
			return 1;
		if (val == 1)
			return 0;
		new = val - 1;
		if (new > val) {
			WARN_ON(1);
			return 1;
		}
	} while (!atomic_try_cmpxchg_release(&r->refs, &val, new));
	return 1;
}

static inline bool refcount_dec_and_mutex_lock(refcount_t *r, struct mutex *lock)
{
	if (refcount_dec_not_one(r))
		return 0;
	mutex_lock(lock);
	if (!refcount_dec_and_test(r)) {
		mutex_unlock(lock);
		return 0;
	}
	return 1;
}

static inline bool refcount_dec_and_lock(refcount_t *r, spinlock_t *lock)
{
	if (refcount_dec_not_one(r))
		return 0;
	spin_lock(lock);
	if (!refcount_dec_and_test(r)) {
		spin_unlock(lock);
		return 0;
	}
	return 1;
}
#define refcount_dec_and_lock_irqsave(r, l, flags) ({ *(flags) = 0; refcount_dec_and_lock((r), (l)); })
#define refcount_dec_and_rtnl_lock(r) __cc_unsupported("refcount_dec_and_rtnl_lock is not supported")

#endif
