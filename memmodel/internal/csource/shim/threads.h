#ifndef __SHIM_THREADS_H
#define __SHIM_THREADS_H

#include <pthread.h>

typedef pthread_t thrd_t;
typedef int (*thrd_start_t)(void *);
typedef pthread_mutex_t mtx_t;
enum { thrd_success, thrd_busy, thrd_error, thrd_nomem, thrd_timedout };
enum { mtx_plain, mtx_timed, mtx_recursive };
#define thread_local _Thread_local
#define thrd_create(t, f, arg) ({ *(t) = __cc_create((void *(*)(void *))(f), (void *)(arg)); thrd_success; })
#define thrd_join(t, result) ({ __cc_join((t), (void *)(result)); thrd_success; })
#define thrd_exit(n) __cc_exit()
#define thrd_yield() ((void)0)
#define mtx_init(m, kind) pthread_mutex_init(m, 0)
#define mtx_lock(m) pthread_mutex_lock(m)
#define mtx_unlock(m) pthread_mutex_unlock(m)
#define mtx_trylock(m) pthread_mutex_trylock(m)
#define mtx_destroy(m) ((void)(m))
typedef pthread_cond_t cnd_t;
#define cnd_init(c) __no_cond
#define cnd_destroy(c) ((void)__no_cond)
#define cnd_wait(c, m) __no_cond
#define cnd_timedwait(c, m, t) __no_cond
#define cnd_signal(c) __no_cond
#define cnd_broadcast(c) __no_cond

#endif
