#ifndef __SHIM_PTHREAD_H
#define __SHIM_PTHREAD_H

/* Threads are made and joined by main. */
#include <stddef.h>
#include <sched.h>

typedef long pthread_t;
typedef int pthread_attr_t;
typedef struct { int __crosscall_lock; } pthread_mutex_t;
typedef int pthread_mutexattr_t;
typedef pthread_mutex_t pthread_spinlock_t;

#define PTHREAD_MUTEX_INITIALIZER { 0 }
#define PTHREAD_PROCESS_PRIVATE 0

#define pthread_create(t, attr, f, arg) ({ *(t) = __cc_create((f), (void *)(arg)); 0; })
#define pthread_join(t, result) ({ __cc_join((t), (void *)(result)); 0; })
#define pthread_exit(result) __cc_exit()
#define pthread_yield() 0

/* A mutex is free from the start: there is nothing to be written. */
#define pthread_mutex_init(m, attr) ((void)(m), 0)
#define pthread_mutex_destroy(m) ((void)(m), 0)
#define pthread_mutex_lock(m) ({ __cc_prim("spin_lock", &(m)->__crosscall_lock); 0; })
#define pthread_mutex_unlock(m) ({ __cc_prim("spin_unlock", &(m)->__crosscall_lock); 0; })
#define pthread_mutex_trylock(m) (__cc_prim("spin_trylock", &(m)->__crosscall_lock) ? 0 : 16)

/* What is not supported is so from where it is used on. */
typedef int pthread_cond_t, pthread_condattr_t, pthread_rwlock_t, pthread_rwlockattr_t;
#define PTHREAD_COND_INITIALIZER 0
#define PTHREAD_RWLOCK_INITIALIZER 0
#define __no_cond ({ __cc_unsupported("condition variables are not supported: wait in a loop until an atomic variable has changed"); 0; })
#define pthread_cond_init(c, attr) __no_cond
#define pthread_cond_destroy(c) __no_cond
#define pthread_cond_wait(c, m) __no_cond
#define pthread_cond_timedwait(c, m, t) __no_cond
#define pthread_cond_signal(c) __no_cond
#define pthread_cond_broadcast(c) __no_cond
#define __no_rwlock ({ __cc_unsupported("locks for readers and writers are not supported: use a mutex"); 0; })
#define pthread_rwlock_init(l, attr) __no_rwlock
#define pthread_rwlock_destroy(l) __no_rwlock
#define pthread_rwlock_rdlock(l) __no_rwlock
#define pthread_rwlock_tryrdlock(l) __no_rwlock
#define pthread_rwlock_wrlock(l) __no_rwlock
#define pthread_rwlock_trywrlock(l) __no_rwlock
#define pthread_rwlock_unlock(l) __no_rwlock

/* A barrier counts who has come. The last of each round lets it go on. */
typedef struct { int __size, __come; } pthread_barrier_t;
typedef int pthread_barrierattr_t;
#define PTHREAD_BARRIER_SERIAL_THREAD (-1)

static inline int pthread_barrier_init(pthread_barrier_t *b, const pthread_barrierattr_t *attr, unsigned int n)
{
	__cc_assert(n > 0);
	b->__size = n;
	b->__come = 0;
	return 0;
}

static inline int pthread_barrier_wait(pthread_barrier_t *b)
{
	int size = b->__size;
	int come;

	__cc_assert(size > 0);
	come = (int)__cc_prim("atomic_fetch_add", 1, &b->__come);
	while ((int)__cc_prim("smp_load_acquire", &b->__come) < (come / size + 1) * size)
		;
	return come % size == size - 1 ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}

static inline int pthread_barrier_destroy(pthread_barrier_t *b)
{
	__cc_assert(b->__size > 0);
	b->__size = 0;
	return 0;
}

#define pthread_spin_init(m, shared) pthread_mutex_init(m, 0)
#define pthread_spin_destroy(m) pthread_mutex_destroy(m)
#define pthread_spin_lock(m) pthread_mutex_lock(m)
#define pthread_spin_unlock(m) pthread_mutex_unlock(m)
#define pthread_spin_trylock(m) pthread_mutex_trylock(m)

#endif
