#ifndef __SHIM_PTHREAD_H
#define __SHIM_PTHREAD_H

/* Threads, numbered from 1 on: 0 is none. */
#include <stddef.h>
#include <sched.h>

typedef long pthread_t;
typedef int pthread_attr_t;
typedef struct { int __crosscall_lock, __kind, __owner, __depth; } pthread_mutex_t;
typedef struct { int __kind; } pthread_mutexattr_t;
typedef pthread_mutex_t pthread_spinlock_t;

#define PTHREAD_MUTEX_INITIALIZER { 0 }
#define __PTHREAD_MUTEX_OF(kind) { 0, (__cc_mark("PTHREAD_MUTEX_RECURSIVE"), kind) }
#define PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP __PTHREAD_MUTEX_OF(PTHREAD_MUTEX_RECURSIVE)
#define PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP __PTHREAD_MUTEX_OF(PTHREAD_MUTEX_ERRORCHECK)
#define PTHREAD_PROCESS_PRIVATE 0
#define PTHREAD_PROCESS_SHARED 1
#define PTHREAD_CREATE_JOINABLE 0
#define PTHREAD_CREATE_DETACHED 1
#define PTHREAD_SCOPE_SYSTEM 0
#define PTHREAD_SCOPE_PROCESS 1
#define PTHREAD_CANCEL_ENABLE 0
#define PTHREAD_CANCEL_DISABLE 1
#define PTHREAD_CANCEL_DEFERRED 0
#define PTHREAD_CANCEL_ASYNCHRONOUS 1
#define PTHREAD_CANCELED ((void *)-1)
#define PTHREAD_STACK_MIN 16384
enum { PTHREAD_MUTEX_TIMED_NP, PTHREAD_MUTEX_NORMAL = PTHREAD_MUTEX_TIMED_NP, PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_DEFAULT = PTHREAD_MUTEX_NORMAL,
	PTHREAD_MUTEX_RECURSIVE_NP = PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_ERRORCHECK_NP = PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_ADAPTIVE_NP = PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_FAST_NP = PTHREAD_MUTEX_TIMED_NP };

#define pthread_create(t, attr, f, ...) ({ *(t) = __cc_create((f), (void *)(__VA_ARGS__)) + 1; 0; })
#define pthread_join(t, result) ({ \
	pthread_t __pthread_t = (t); \
	__cc_assert(__pthread_t > 0); \
	if (__cc_uses("self")) __cc_assert(__pthread_t != __cc_self() + 1); \
	if (__pthread_t > 0) __cc_join(__pthread_t - 1, 0); \
	(void **)(result) ? ({ __cc_mark("result"); *(void **)(result) = __cc_result(__pthread_t - 1); 0; }) : 0; })
#define pthread_exit(result) (__cc_uses("cleanup") ? __cc_unsupported("pthread_exit is not supported in a program that uses pthread_cleanup_push") : __cc_exit(result))
#define pthread_cleanup_push(f, arg) { void (*__pthread_f)(void *) = (f); void *__pthread_arg = (arg); __cc_mark("cleanup");
#define pthread_cleanup_pop(run) if (run) __pthread_f(__pthread_arg); }
#define pthread_self() (__cc_mark("self"), (pthread_t)__cc_self() + 1)
#define pthread_equal(s, t) ((s) == (t))
#define pthread_yield() 0
#define pthread_attr_init(a) ((void)(a), 0)
#define pthread_attr_destroy(a) ((void)(a), 0)
#define pthread_attr_setdetachstate(a, s) ((void)(a), 0)
#define pthread_attr_setstacksize(a, n) ((void)(a), 0)
#define pthread_attr_setscope(a, s) ((void)(a), 0)
#define pthread_attr_setschedpolicy(a, p) ((void)(a), 0)
#define pthread_attr_setschedparam(a, p) ((void)(a), 0)
#define pthread_attr_setinheritsched(a, i) ((void)(a), 0)
#define pthread_attr_setguardsize(a, n) ((void)(a), 0)
#define pthread_attr_setaffinity_np(a, n, set) ((void)(a), 0)
#define pthread_setaffinity_np(t, n, set) ((void)(t), 0)
#define pthread_setname_np(t, name) ((void)(t), 0)
#define pthread_setconcurrency(n) 0
#define pthread_detach(t) ((void)(t), 0)
#define pthread_setcancelstate(s, old) 0
#define pthread_setcanceltype(s, old) 0
#define pthread_testcancel() ((void)0)
#define pthread_cancel(t) (__cc_unsupported("pthread_cancel is not supported: use a variable that the thread looks at"), 0)
#define pthread_atfork(a, b, c) 0

/* Where a macro takes a pointer, that may be a void pointer. */
static inline pthread_mutex_t *__pthread_mutex_at(pthread_mutex_t *m) { return m; }

/* A mutex is free from the start: there is nothing to be written. Only programs that
 * ask for another kind pay for it. One that is destroyed is taken, for good. */
#define pthread_mutexattr_init(a) ((a)->__kind = PTHREAD_MUTEX_DEFAULT, 0)
#define pthread_mutexattr_setpshared(a, s) ((void)(a), 0)
enum { PTHREAD_PRIO_NONE, PTHREAD_PRIO_INHERIT, PTHREAD_PRIO_PROTECT };
#define pthread_mutexattr_setprotocol(a, p) ((void)(a), 0)
#define pthread_mutexattr_setprioceiling(a, n) ((void)(a), 0)
#define pthread_mutexattr_destroy(a) ((void)(a), 0)
#define pthread_mutexattr_settype(a, k) ({ __cc_mark("PTHREAD_MUTEX_RECURSIVE"); (a)->__kind = (k); 0; })

static inline int __pthread_mutex_init(pthread_mutex_t *m, const pthread_mutexattr_t *a)
{
	m->__kind = a ? a->__kind : PTHREAD_MUTEX_DEFAULT;
	m->__owner = m->__depth = 0;
	return 0;
}

static inline int __pthread_mutex_lock(pthread_mutex_t *m, int wait)
{
	int self = (int)__cc_self() + 1;

	if (m->__kind == PTHREAD_MUTEX_NORMAL) {
		if (wait)
			__cc_prim("spin_lock", &m->__crosscall_lock);
		else if (!__cc_prim("spin_trylock", &m->__crosscall_lock))
			return 16;
		return 0;
	}
	if ((int)__cc_c11("c11_load", 0, 0, &m->__owner) == self) {
		if (m->__kind == PTHREAD_MUTEX_ERRORCHECK)
			return wait ? 35 : 16;
		m->__depth++;
		return 0;
	}
	if (wait)
		__cc_prim("spin_lock", &m->__crosscall_lock);
	else if (!__cc_prim("spin_trylock", &m->__crosscall_lock))
		return 16;
	__cc_c11("c11_store", 0, 0, &m->__owner, self);
	m->__depth = 1;
	return 0;
}

static inline int __pthread_mutex_unlock(pthread_mutex_t *m)
{
	int self = (int)__cc_self() + 1;

	if (m->__kind != PTHREAD_MUTEX_NORMAL) {
		if ((int)__cc_c11("c11_load", 0, 0, &m->__owner) != self) {
			__cc_assert(m->__kind == PTHREAD_MUTEX_ERRORCHECK);
			return 1;
		}
		if (--m->__depth > 0)
			return 0;
		__cc_c11("c11_store", 0, 0, &m->__owner, 0);
	}
	__cc_prim("spin_unlock", &m->__crosscall_lock);
	return 0;
}

#define __pthread_kinds __cc_uses("PTHREAD_MUTEX_RECURSIVE")
/* In a program that destroys one, the thread that did may initialize it again. */
#define __pthread_mutex_revive(m) (__cc_uses("destroyed mutex") ? ({ \
	__typeof__(*(m)) *__revived = (m); \
	__cc_prim("spin_trylock", &__pthread_mutex_at(__revived)->__crosscall_lock); \
	__cc_prim("spin_unlock", &__pthread_mutex_at(__revived)->__crosscall_lock); 0; }) : ((void)(m), 0))
#define pthread_mutex_init(m, a) (__pthread_kinds ? __pthread_mutex_init((m), (a)) : __pthread_mutex_revive(m))
#define pthread_mutex_destroy(m) ({ __cc_mark("destroyed mutex"); __cc_assert(__cc_prim("spin_trylock", &__pthread_mutex_at(m)->__crosscall_lock)); 0; })
#define pthread_mutex_lock(m) (__pthread_kinds ? __pthread_mutex_lock((m), 1) : ({ __cc_prim("spin_lock", &__pthread_mutex_at(m)->__crosscall_lock); 0; }))
#define pthread_mutex_trylock(m) (__pthread_kinds ? __pthread_mutex_lock((m), 0) : (__cc_prim("spin_trylock", &__pthread_mutex_at(m)->__crosscall_lock) ? 0 : 16))
#define pthread_mutex_timedlock(m, t) ((void)(t), __cc_perhaps() ? 110 : pthread_mutex_lock(m))
#define pthread_mutex_unlock(m) (__pthread_kinds ? __pthread_mutex_unlock((m)) : ({ __cc_prim("spin_unlock", &__pthread_mutex_at(m)->__crosscall_lock); 0; }))

#define pthread_spin_init(m, shared) ((void)(m), 0)
#define pthread_spin_destroy(m) pthread_mutex_destroy(m)
#define pthread_spin_lock(m) ({ __cc_prim("spin_lock", &__pthread_mutex_at(m)->__crosscall_lock); 0; })
#define pthread_spin_unlock(m) ({ __cc_prim("spin_unlock", &__pthread_mutex_at(m)->__crosscall_lock); 0; })
#define pthread_spin_trylock(m) (__cc_prim("spin_trylock", &__pthread_mutex_at(m)->__crosscall_lock) ? 0 : 16)

#include <pthread/cond.h>
#include <pthread/rwlock.h>
#include <pthread/once.h>
#include <pthread/barrier.h>

#endif
