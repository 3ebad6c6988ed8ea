#ifndef __SHIM_PTHREAD_BARRIER_H
#define __SHIM_PTHREAD_BARRIER_H

/* A barrier counts who has come. The last of each round lets it go on. */
typedef struct { int __size, __come, __crosscall_state; } pthread_barrier_t;
typedef int pthread_barrierattr_t;
#define PTHREAD_BARRIER_SERIAL_THREAD (-1)

static inline int pthread_barrier_init(pthread_barrier_t *b, const pthread_barrierattr_t *attr, unsigned int n)
{
	__cc_assert(n > 0);
	__cc_assert(!b->__crosscall_state); /* not initialized twice */
	b->__crosscall_state = 1;
	b->__size = n;
	b->__come = 0;
	return 0;
}

static inline int pthread_barrier_wait(pthread_barrier_t *b)
{
	int size = b->__size;
	int come, now;

	__cc_assert(size > 0);
	come = (int)__cc_prim("atomic_fetch_add", 1, &b->__come);
	__cc_arrives(size);
	do
		now = (int)__cc_prim("smp_load_acquire", &b->__come);
	while (now < (come / size + 1) * size);
	__cc_assume(now == (come / size + 1) * size);
	return come % size == size - 1 ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}

static inline int pthread_barrier_destroy(pthread_barrier_t *b)
{
	__cc_assert(b->__crosscall_state);
	b->__size = b->__crosscall_state = 0;
	return 0;
}

#endif
