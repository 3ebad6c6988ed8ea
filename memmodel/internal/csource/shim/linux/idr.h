#ifndef __SHIM_LINUX_IDR_H
#define __SHIM_LINUX_IDR_H

/* Numbers below XA_SLOTS. Callers of idr_alloc and idr_remove hold a lock; an ida has its
 * own. */
#include <linux/xarray.h>

struct idr { struct xarray idr_rt; unsigned int idr_next; };
#define IDR_INIT(name) { .idr_next = 0 }
#define DEFINE_IDR(name) struct idr name
#define idr_init(i) ({ struct idr *__idr = (i); __idr->idr_next = 0; xa_init(&__idr->idr_rt); })
#define idr_lock(idr) xa_lock(&(idr)->idr_rt)
#define idr_unlock(idr) xa_unlock(&(idr)->idr_rt)
#define idr_preload(gfp) ((void)(gfp))
#define idr_preload_end() ((void)0)
#define idr_destroy(idr) ((void)(idr))
#define idr_is_empty(idr) xa_empty(&(idr)->idr_rt)

static inline int __idr_take(struct idr *idr, void *p, int start, int end)
{
	int i;

	for (i = start; end <= 0 || i < end; i++) {
		__xa_fits(i);
		if (!idr->idr_rt.xa_slot[i]) {
			rcu_assign_pointer(idr->idr_rt.xa_slot[i], p ? p : XA_ZERO_ENTRY);
			return i;
		}
	}
	return -ENOSPC;
}
#define idr_alloc(idr, p, start, end, gfp) __idr_take((idr), (p), (start), (end))

static inline int idr_alloc_cyclic(struct idr *idr, void *p, int start, int end, gfp_t gfp)
{
	int i = __idr_take(idr, p, max((int)idr->idr_next, start), end);

	if (i == -ENOSPC)
		i = __idr_take(idr, p, start, end);
	if (i >= 0)
		idr->idr_next = i + 1;
	return i;
}

static inline void *idr_find(struct idr *idr, unsigned long id) { return id < XA_SLOTS ? __xa_at(&idr->idr_rt, id) : NULL; }

static inline void *idr_replace(struct idr *idr, void *p, unsigned long id)
{
	void *old = id < XA_SLOTS ? idr->idr_rt.xa_slot[id] : NULL;

	if (!old)
		return ERR_PTR(-ENOENT);
	rcu_assign_pointer(idr->idr_rt.xa_slot[id], p);
	return __xa_shown(old);
}

static inline void *idr_remove(struct idr *idr, unsigned long id)
{
	void *old = id < XA_SLOTS ? idr->idr_rt.xa_slot[id] : NULL;

	if (old)
		WRITE_ONCE(idr->idr_rt.xa_slot[id], NULL);
	return __xa_shown(old);
}

static inline void *idr_get_next(struct idr *idr, int *id)
{
	void *e;

	for (; *id < XA_SLOTS; ++*id)
		if ((e = __xa_at(&idr->idr_rt, *id)))
			return e;
	return NULL;
}
#define idr_for_each_entry(idr, entry, id) for ((id) = 0; ((entry) = idr_get_next((idr), &(id))); (id)++)
#define idr_for_each_entry_continue(idr, entry, id) for (; ((entry) = idr_get_next((idr), &(id))); (id)++)

struct ida { struct xarray xa; };
#define DEFINE_IDA(name) struct ida name
#define ida_init(ida) xa_init(&(ida)->xa)
#define ida_destroy(ida) xa_destroy(&(ida)->xa)
#define ida_is_empty(ida) xa_empty(&(ida)->xa)
static inline int ida_alloc_range(struct ida *ida, unsigned int min, unsigned int max, gfp_t gfp)
{
	u32 id;
	int error = xa_alloc(&ida->xa, &id, NULL, XA_LIMIT(min, max), gfp);

	return error ? -ENOSPC : (int)id;
}
#define ida_alloc(ida, gfp) ida_alloc_range((ida), 0, INT_MAX, (gfp))
#define ida_alloc_min(ida, min, gfp) ida_alloc_range((ida), (min), INT_MAX, (gfp))
#define ida_alloc_max(ida, max, gfp) ida_alloc_range((ida), 0, (max), (gfp))
#define ida_free(ida, id) ((void)xa_erase(&(ida)->xa, (id)))
#define ida_simple_get(ida, start, end, gfp) ida_alloc_range((ida), (start), (end) ? (end) - 1 : INT_MAX, (gfp))
#define ida_simple_remove(ida, id) ida_free((ida), (id))

#endif
