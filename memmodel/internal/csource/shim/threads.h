#ifndef __SHIM_THREADS_H
#define __SHIM_THREADS_H

#include <pthread.h>
#include <time.h>

typedef pthread_t thrd_t;
typedef int (*thrd_start_t)(void *);
typedef pthread_mutex_t mtx_t;
enum { thrd_success, thrd_busy, thrd_error, thrd_nomem, thrd_timedout };
enum { mtx_plain, mtx_recursive, mtx_timed };
#define thread_local _Thread_local
/* The number is written before the thread begins: C says so of thrd_create, POSIX does not of
 * pthread_create. */
#define thrd_create(t, f, ...) ({ \
	thrd_t *__thrd_t = (t); \
	__cc_create((void *(*)(void *))(f), (void *)(__VA_ARGS__), __thrd_t); \
	thrd_success; })
#define thrd_join(t, result) ({ \
	thrd_t __pthread_t = (t); \
	__cc_assert(__pthread_t > 0); \
	if (__cc_uses("self")) __cc_assert(__pthread_t != __cc_self() + 1); \
	if (__pthread_t > 0) __cc_join(__pthread_t - 1, 0); \
	(int *)(result) ? ({ __cc_mark("result"); *(int *)(result) = (int)(long)__cc_result(__pthread_t - 1); thrd_success; }) : thrd_success; })
#define thrd_exit(n) __cc_exit((void *)(long)(n))
#define thrd_yield() ((void)0)
#define thrd_detach(t) ((void)(t), thrd_success)
static inline int thrd_sleep(const struct timespec *time, struct timespec *left) { return 0; }
#define thrd_current() pthread_self()
#define thrd_equal(s, t) ((s) == (t))
#define mtx_init(m, kind) (((kind) & mtx_recursive) ? ({ \
	pthread_mutexattr_t __pthread_kind; \
	pthread_mutexattr_settype(&__pthread_kind, PTHREAD_MUTEX_RECURSIVE); \
	pthread_mutex_init((m), &__pthread_kind); }) : pthread_mutex_init((m), 0))
#define mtx_lock(m) pthread_mutex_lock(m)
#define mtx_unlock(m) pthread_mutex_unlock(m)
#define mtx_trylock(m) (pthread_mutex_trylock(m) ? thrd_busy : thrd_success)
#define mtx_timedlock(m, t) (pthread_mutex_timedlock((m), (t)) ? thrd_timedout : thrd_success)
#define mtx_destroy(m) ((void)pthread_mutex_destroy(m))
typedef pthread_cond_t cnd_t;
#define TSS_DTOR_ITERATIONS PTHREAD_DESTRUCTOR_ITERATIONS
#define cnd_init(c) pthread_cond_init((c), 0)
#define cnd_destroy(c) ((void)pthread_cond_destroy(c))
#define cnd_wait(c, m) pthread_cond_wait((c), (m))
#define cnd_timedwait(c, m, t) (pthread_cond_timedwait((c), (m), (t)) ? thrd_timedout : thrd_success)
#define cnd_signal(c) pthread_cond_signal(c)
#define cnd_broadcast(c) pthread_cond_broadcast(c)
typedef pthread_once_t once_flag;
#define ONCE_FLAG_INIT PTHREAD_ONCE_INIT
#define call_once(o, f) ((void)pthread_once((o), (f)))
typedef pthread_key_t tss_t;
#define tss_create(k, end) (pthread_key_create((k), (end)) ? thrd_error : thrd_success)
#define tss_delete(k) ((void)pthread_key_delete(k))
typedef void (*tss_dtor_t)(void *);
#define tss_get(k) pthread_getspecific(k)
#define tss_set(k, v) (pthread_setspecific((k), (v)), thrd_success)

#endif
