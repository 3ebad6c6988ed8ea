#ifndef __SHIM_PTHREAD_COND_H
#define __SHIM_PTHREAD_COND_H

/* Those that wait draw numbers; a signal lets the next number go on, a broadcast all
 * of them. A wait also ends without a signal, once in each thread. */
typedef struct { int __crosscall_lock, __drawn, __called; } pthread_cond_t;
typedef int pthread_condattr_t;
struct timespec;
#define PTHREAD_COND_INITIALIZER { 0 }
#define pthread_condattr_init(a) ((void)(a), 0)
#define pthread_condattr_destroy(a) ((void)(a), 0)
#define pthread_condattr_setclock(a, c) ((void)(a), 0)

static _Thread_local int __pthread_woken;

static inline int pthread_cond_init(pthread_cond_t *c, const pthread_condattr_t *attr)
{
	c->__drawn = c->__called = 0;
	return 0;
}

static inline int pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m)
{
	int number;

	if (!__pthread_woken && __cc_perhaps()) {
		__pthread_woken = 1;
		pthread_mutex_unlock(m);
		pthread_mutex_lock(m);
		return 0;
	}
	__cc_prim("spin_lock", &c->__crosscall_lock);
	number = c->__drawn++;
	__cc_prim("spin_unlock", &c->__crosscall_lock);
	pthread_mutex_unlock(m);
	while ((int)__cc_prim("smp_load_acquire", &c->__called) <= number)
		;
	pthread_mutex_lock(m);
	return 0;
}

/* It is too late at once, or waits as if there were no end. */
static inline int __pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m)
{
	if (!__cc_perhaps())
		return pthread_cond_wait(c, m);
	pthread_mutex_unlock(m);
	pthread_mutex_lock(m);
	return 110;
}
#define pthread_cond_timedwait(c, m, t) ((void)(t), __pthread_cond_timedwait((c), (m)))

static inline int __pthread_cond_wake(pthread_cond_t *c, int all)
{
	int called, drawn;

	__cc_prim("spin_lock", &c->__crosscall_lock);
	called = (int)__cc_c11("c11_load", 0, 0, &c->__called);
	drawn = c->__drawn;
	if (called < drawn)
		__cc_prim("smp_store_release", &c->__called, all ? drawn : called + 1);
	__cc_prim("spin_unlock", &c->__crosscall_lock);
	return 0;
}
#define pthread_cond_signal(c) __pthread_cond_wake((c), 0)
#define pthread_cond_broadcast(c) __pthread_cond_wake((c), 1)

/* Nobody may be waiting. */
static inline int pthread_cond_destroy(pthread_cond_t *c)
{
	__cc_assert((int)__cc_c11("c11_load", 0, 0, &c->__called) == c->__drawn);
	__cc_assert(__cc_prim("spin_trylock", &c->__crosscall_lock));
	return 0;
}

#endif
