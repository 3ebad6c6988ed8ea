#ifndef __SHIM_PTHREAD_COND_H
#define __SHIM_PTHREAD_COND_H

/* Those that wait draw numbers; a signal lets the next number go on, a broadcast all
 * of them. Both counts are in one word. A wait also ends without a signal, once in each
 * thread. */
typedef struct { int __state; } pthread_cond_t;
#define __COND_CALLED 0x10000
#define __COND_DESTROYED (-0x40000000)
typedef int pthread_condattr_t;
struct timespec;
#define PTHREAD_COND_INITIALIZER { 0 }
#define pthread_condattr_init(a) ((void)(a), 0)
#define pthread_condattr_destroy(a) ((void)(a), 0)
#define pthread_condattr_setclock(a, c) ((void)(a), 0)

static _Thread_local int __pthread_woken;

static inline int pthread_cond_init(pthread_cond_t *c, const pthread_condattr_t *attr)
{
	c->__state = 0;
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
	number = (int)__cc_c11("c11_fetch_add", 0, 0, &c->__state, 1);
	__cc_assert(number >= 0);
	number %= __COND_CALLED;
	pthread_mutex_unlock(m);
	while ((int)__cc_prim("smp_load_acquire", &c->__state) / __COND_CALLED <= number)
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
	int state = (int)__cc_c11("c11_load", 0, 0, &c->__state);

	for (;;) {
		int waiting = state % __COND_CALLED - state / __COND_CALLED, was;

		__cc_assert(state >= 0);
		if (waiting <= 0)
			return 0;
		was = (int)__cc_c11("c11_cmpxchg", 3, 0, &c->__state, state, state + __COND_CALLED * (all ? waiting : 1));
		if (was == state)
			return 0;
		state = was;
	}
}
#define pthread_cond_signal(c) __pthread_cond_wake((c), 0)
#define pthread_cond_broadcast(c) __pthread_cond_wake((c), 1)

/* Nobody may be waiting. */
static inline int pthread_cond_destroy(pthread_cond_t *c)
{
	int state = (int)__cc_c11("c11_xchg", 0, 0, &c->__state, __COND_DESTROYED);

	__cc_assert(state >= 0 && state / __COND_CALLED == state % __COND_CALLED);
	return 0;
}

#endif
