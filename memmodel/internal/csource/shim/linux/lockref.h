#ifndef __SHIM_LINUX_LOCKREF_H
#define __SHIM_LINUX_LOCKREF_H

/* A count with a lock, as the kernel has it where the two do not fit into a word that
 * can be exchanged. */
#include <linux/spinlock.h>

struct lockref { spinlock_t lock; int count; };
#define lockref_init(l) ((void)((l)->count = 1))
static inline void lockref_get(struct lockref *l)
{
	spin_lock(&l->lock);
	l->count++;
	spin_unlock(&l->lock);
}
static inline int lockref_get_not_zero(struct lockref *l)
{
	int got = 0;

	spin_lock(&l->lock);
	if (l->count > 0) {
		l->count++;
		got = 1;
	}
	spin_unlock(&l->lock);
	return got;
}
static inline int lockref_get_not_dead(struct lockref *l)
{
	int got = 0;

	spin_lock(&l->lock);
	if (l->count >= 0) {
		l->count++;
		got = 1;
	}
	spin_unlock(&l->lock);
	return got;
}
static inline int lockref_put_return(struct lockref *l)
{
	int n = -1;

	spin_lock(&l->lock);
	if (l->count > 0)
		n = --l->count;
	spin_unlock(&l->lock);
	return n;
}
/* With the lock still held where it returns 0. */
static inline int lockref_put_or_lock(struct lockref *l)
{
	spin_lock(&l->lock);
	if (l->count <= 1)
		return 0;
	l->count--;
	spin_unlock(&l->lock);
	return 1;
}
static inline void lockref_mark_dead(struct lockref *l) { l->count = -128; }
#define __lockref_is_dead(l) ((l)->count < 0)

#endif
