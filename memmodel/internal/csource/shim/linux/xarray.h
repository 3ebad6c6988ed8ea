#ifndef __SHIM_LINUX_XARRAY_H
#define __SHIM_LINUX_XARRAY_H

/* An array of XA_SLOTS entries: executions that need an index beyond are cut off. As in
 * the kernel, writers hold the lock, and readers are in a section of RCU. */
#include <linux/spinlock.h>
#include <linux/rcupdate.h>
#include <linux/gfp.h>
#include <linux/err.h>
#include <linux/limits.h>

#ifndef XA_SLOTS
#define XA_SLOTS 8
#endif
struct xarray { spinlock_t xa_lock; void *xa_slot[XA_SLOTS]; unsigned long xa_mark[3]; };
typedef unsigned xa_mark_t;
struct xa_limit { u32 max, min; };
#define XA_MARK_0 0U
#define XA_MARK_1 1U
#define XA_MARK_2 2U
#define XA_FLAGS_LOCK_IRQ 1U
#define XA_FLAGS_LOCK_BH 2U
#define XA_FLAGS_ALLOC 4U
#define XA_FLAGS_ALLOC1 8U
#define XA_LIMIT(from, to) (struct xa_limit) { .min = (from), .max = (to) }
#define xa_limit_32b XA_LIMIT(0, UINT_MAX)
#define xa_limit_31b XA_LIMIT(0, INT_MAX)
#define xa_limit_16b XA_LIMIT(0, USHRT_MAX)
#define XARRAY_INIT(name, flags) { .xa_lock = __SPIN_LOCK_UNLOCKED(name.xa_lock) }
#define DEFINE_XARRAY(name) struct xarray name
#define DEFINE_XARRAY_FLAGS(name, flags) struct xarray name
#define DEFINE_XARRAY_ALLOC(name) struct xarray name
#define DEFINE_XARRAY_ALLOC1(name) struct xarray name = { .xa_slot = { (void *)2 } }
#define xa_mk_value(v) ((void *)((unsigned long)(v) << 1 | 1))
#define xa_to_value(e) ((unsigned long)(e) >> 1)
#define xa_is_value(e) ((unsigned long)(e) & 1)
#define xa_is_err(e) ((unsigned long)(e) >= (unsigned long)-MAX_ERRNO)
#define xa_err(e) ({ const void *__xa_e = (e); xa_is_err(__xa_e) ? (int)(long)__xa_e : 0; })
#define XA_ZERO_ENTRY ((void *)2) /* taken, and read as NULL */
#define xa_is_zero(e) ((e) == XA_ZERO_ENTRY)
#define __xa_shown(e) (xa_is_zero(e) ? NULL : (e))

#define xa_lock(xa) spin_lock(&(xa)->xa_lock)
#define xa_unlock(xa) spin_unlock(&(xa)->xa_lock)
#define xa_trylock(xa) spin_trylock(&(xa)->xa_lock)
#define xa_lock_irq(xa) xa_lock(xa)
#define xa_unlock_irq(xa) xa_unlock(xa)
#define xa_lock_bh(xa) xa_lock(xa)
#define xa_unlock_bh(xa) xa_unlock(xa)
#define xa_lock_irqsave(xa, f) ((void)((f) = 0), xa_lock(xa))
#define xa_unlock_irqrestore(xa, f) ((void)(f), xa_unlock(xa))

static inline void xa_init_flags(struct xarray *xa, gfp_t flags)
{
	int i;

	spin_lock_init(&xa->xa_lock);
	for (i = 0; i < XA_SLOTS; i++)
		xa->xa_slot[i] = i == 0 && (flags & XA_FLAGS_ALLOC1) ? XA_ZERO_ENTRY : NULL;
	for (i = 0; i < 3; i++)
		xa->xa_mark[i] = 0;
}
#define xa_init(xa) xa_init_flags((xa), 0)

static inline void __xa_fits(unsigned long index)
{
	if (index >= XA_SLOTS)
		__cc_beyond("an index of an xarray is beyond XA_SLOTS");
}

static inline void *__xa_at(struct xarray *xa, unsigned long index)
{
	void *e = rcu_dereference_raw(xa->xa_slot[index]);

	return __xa_shown(e);
}

static inline void *xa_load(struct xarray *xa, unsigned long index)
{
	void *e;

	if (index >= XA_SLOTS)
		return NULL;
	rcu_read_lock();
	e = __xa_at(xa, index);
	rcu_read_unlock();
	return e;
}

static inline void *__xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	void *old;
	int i;

	if (index >= XA_SLOTS && !entry)
		return NULL;
	__xa_fits(index);
	old = xa->xa_slot[index];
	rcu_assign_pointer(xa->xa_slot[index], entry);
	for (i = 0; !entry && i < 3; i++)
		if (xa->xa_mark[i] & 1UL << index)
			WRITE_ONCE(xa->xa_mark[i], xa->xa_mark[i] & ~(1UL << index));
	return __xa_shown(old);
}
#define __xa_erase(xa, index) __xa_store((xa), (index), NULL, 0)

static inline void *__xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t gfp)
{
	void *was;

	__xa_fits(index);
	was = __xa_shown(xa->xa_slot[index]);
	if (was == old)
		__xa_store(xa, index, entry, gfp);
	return was;
}

static inline int __xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	__xa_fits(index);
	if (xa->xa_slot[index])
		return -EBUSY;
	__xa_store(xa, index, entry ? entry : XA_ZERO_ENTRY, gfp);
	return 0;
}

static inline int __xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, gfp_t gfp)
{
	u32 i;

	for (i = limit.min; i <= limit.max; i++) {
		__xa_fits(i);
		if (!xa->xa_slot[i]) {
			*id = i;
			__xa_store(xa, i, entry ? entry : XA_ZERO_ENTRY, gfp);
			return 0;
		}
	}
	return -EBUSY;
}

#define __xa_locked(xa, e) ({ struct xarray *__xa = (xa); __typeof__(e) __xa_result; \
	xa_lock(__xa); __xa_result = (e); xa_unlock(__xa); __xa_result; })
#define xa_store(xa, index, entry, gfp) __xa_locked(xa, __xa_store(__xa, (index), (entry), (gfp)))
#define xa_erase(xa, index) xa_store(xa, index, NULL, 0)
#define xa_cmpxchg(xa, index, old, entry, gfp) __xa_locked(xa, __xa_cmpxchg(__xa, (index), (old), (entry), (gfp)))
#define xa_insert(xa, index, entry, gfp) __xa_locked(xa, __xa_insert(__xa, (index), (entry), (gfp)))
#define xa_reserve(xa, index, gfp) __xa_locked(xa, (__xa_insert(__xa, (index), NULL, (gfp)), 0))
#define xa_release(xa, index) ((void)xa_cmpxchg(xa, index, NULL, NULL, 0))
#define xa_alloc(xa, id, entry, limit, gfp) __xa_locked(xa, __xa_alloc(__xa, (id), (entry), (limit), (gfp)))
#define xa_store_irq xa_store
#define xa_store_bh xa_store
#define xa_erase_irq xa_erase
#define xa_erase_bh xa_erase
#define xa_cmpxchg_irq xa_cmpxchg
#define xa_insert_irq xa_insert
#define xa_alloc_irq xa_alloc
#define xa_alloc_bh xa_alloc

static inline void __xa_change_mark(struct xarray *xa, unsigned long index, xa_mark_t mark, bool set)
{
	if (index >= XA_SLOTS || !xa->xa_slot[index])
		return;
	if (set)
		WRITE_ONCE(xa->xa_mark[mark], xa->xa_mark[mark] | 1UL << index);
	else
		WRITE_ONCE(xa->xa_mark[mark], xa->xa_mark[mark] & ~(1UL << index));
}
#define __xa_set_mark(xa, index, mark) __xa_change_mark((xa), (index), (mark), true)
#define __xa_clear_mark(xa, index, mark) __xa_change_mark((xa), (index), (mark), false)
#define xa_set_mark(xa, index, mark) ((void)__xa_locked(xa, (__xa_set_mark(__xa, index, mark), 0)))
#define xa_clear_mark(xa, index, mark) ((void)__xa_locked(xa, (__xa_clear_mark(__xa, index, mark), 0)))
#define xa_get_mark(xa, index, mark) ((index) < XA_SLOTS && READ_ONCE((xa)->xa_mark[mark]) >> (index) & 1)
#define xa_marked(xa, mark) (READ_ONCE((xa)->xa_mark[mark]) != 0)

static inline bool xa_empty(struct xarray *xa)
{
	int i;

	for (i = 0; i < XA_SLOTS; i++)
		if (READ_ONCE(xa->xa_slot[i]))
			return false;
	return true;
}

static inline void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max, xa_mark_t filter)
{
	unsigned long i;
	void *e;

	for (i = *index; i <= max && i < XA_SLOTS; i++) {
		e = xa_load(xa, i);
		if (e && (filter > 2 || xa_get_mark(xa, i, filter))) {
			*index = i;
			return e;
		}
	}
	return NULL;
}
#define XA_PRESENT 8U
#define xa_find_after(xa, index, max, filter) ({ unsigned long *__xa_index = (index); ++*__xa_index; xa_find((xa), __xa_index, (max), (filter)); })
#define xa_for_each_range(xa, index, entry, start, last) \
	for ((index) = (start); ((entry) = xa_find((xa), &(index), (last), XA_PRESENT)); (index)++)
#define xa_for_each_start(xa, index, entry, start) xa_for_each_range(xa, index, entry, start, ULONG_MAX)
#define xa_for_each(xa, index, entry) xa_for_each_start(xa, index, entry, 0)
#define xa_for_each_marked(xa, index, entry, filter) \
	for ((index) = 0; ((entry) = xa_find((xa), &(index), ULONG_MAX, (filter))); (index)++)

static inline void xa_destroy(struct xarray *xa)
{
	int i;

	xa_lock(xa);
	for (i = 0; i < XA_SLOTS; i++)
		if (xa->xa_slot[i])
			__xa_store(xa, i, NULL, 0);
	xa_unlock(xa);
}

#endif
