#ifndef __SHIM_PTHREAD_RWLOCK_H
#define __SHIM_PTHREAD_RWLOCK_H

/* How many read, or -1 for one that writes, or -2 once it is destroyed. */
typedef struct { int __users, __writes; } pthread_rwlock_t;
typedef int pthread_rwlockattr_t;
#define PTHREAD_RWLOCK_INITIALIZER { 0 }
#define pthread_rwlockattr_init(a) ((void)(a), 0)
#define pthread_rwlockattr_destroy(a) ((void)(a), 0)

#define __pthread_rwlock_take(l, from, to) ((int)__cc_c11("c11_cmpxchg", 1, 0, &(l)->__users, (from), (to)) == (from))

static inline int pthread_rwlock_init(pthread_rwlock_t *l, const pthread_rwlockattr_t *attr)
{
	l->__users = l->__writes = 0;
	return 0;
}

static inline int pthread_rwlock_destroy(pthread_rwlock_t *l)
{
	__cc_assert(__pthread_rwlock_take(l, 0, -2));
	return 0;
}

static inline int pthread_rwlock_tryrdlock(pthread_rwlock_t *l)
{
	int n = (int)__cc_c11("c11_load", 0, 0, &l->__users);

	while (n >= 0) {
		int was = (int)__cc_c11("c11_cmpxchg", 1, 0, &l->__users, n, n + 1);

		if (was == n)
			return 0;
		n = was;
	}
	__cc_assert(n != -2);
	return 16;
}

static inline int pthread_rwlock_rdlock(pthread_rwlock_t *l)
{
	while (pthread_rwlock_tryrdlock(l))
		;
	return 0;
}

static inline int pthread_rwlock_trywrlock(pthread_rwlock_t *l)
{
	int n = (int)__cc_c11("c11_cmpxchg", 1, 0, &l->__users, 0, -1);

	__cc_assert(n != -2);
	if (n)
		return 16;
	l->__writes = 1;
	return 0;
}

static inline int pthread_rwlock_wrlock(pthread_rwlock_t *l)
{
	while (pthread_rwlock_trywrlock(l))
		;
	return 0;
}

static inline int pthread_rwlock_unlock(pthread_rwlock_t *l)
{
	if (l->__writes) {
		l->__writes = 0;
		__cc_c11("c11_store", 3, 0, &l->__users, 0);
		return 0;
	}
	__cc_assert((int)__cc_c11("c11_fetch_sub", 3, 0, &l->__users, 1) > 0);
	return 0;
}

#endif
