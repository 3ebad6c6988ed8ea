#ifndef __SHIM_LINUX_KREF_H
#define __SHIM_LINUX_KREF_H

#include <linux/refcount.h>

struct kref { refcount_t refcount; };
#define KREF_INIT(n) { .refcount = REFCOUNT_INIT(n) }
#define kref_init(k) refcount_set(&(k)->refcount, 1)
#define kref_read(k) refcount_read(&(k)->refcount)
#define kref_get(k) refcount_inc(&(k)->refcount)
#define kref_get_unless_zero(k) refcount_inc_not_zero(&(k)->refcount)
#define kref_put(k, release) ({ struct kref *__kref = (k); int __kref_last = refcount_dec_and_test(&__kref->refcount); \
	if (__kref_last) release(__kref); \
	__kref_last; })
#define kref_put_mutex(k, release, lock) ({ struct kref *__kref = (k); int __kref_last = refcount_dec_and_mutex_lock(&__kref->refcount, (lock)); \
	if (__kref_last) release(__kref); \
	__kref_last; })
#define kref_put_lock(k, release, lock) ({ struct kref *__kref = (k); int __kref_last = refcount_dec_and_lock(&__kref->refcount, (lock)); \
	if (__kref_last) release(__kref); \
	__kref_last; })

#endif
