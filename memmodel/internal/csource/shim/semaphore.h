#ifndef __SHIM_SEMAPHORE_H
#define __SHIM_SEMAPHORE_H

#include <errno.h>
#include <stddef.h>

typedef struct { int __value, __crosscall_state; } sem_t;
#define SEM_VALUE_MAX 0x7fffffff
#define SEM_FAILED ((sem_t *)0)

static inline int sem_init(sem_t *s, int shared, unsigned int n)
{
	s->__value = n;
	s->__crosscall_state = 1;
	return 0;
}

static inline int sem_destroy(sem_t *s)
{
	__cc_assert(s->__crosscall_state);
	s->__crosscall_state = 0;
	return 0;
}

static inline int sem_post(sem_t *s)
{
	__cc_assert(s->__crosscall_state);
	__cc_c11("c11_fetch_add", 4, 0, &s->__value, 1);
	return 0;
}

static inline int sem_trywait(sem_t *s)
{
	int n;

	__cc_assert(s->__crosscall_state);
	n = (int)__cc_c11("c11_load", 0, 0, &s->__value);
	while (n > 0) {
		int was = (int)__cc_c11("c11_cmpxchg", 1, 0, &s->__value, n, n - 1);

		if (was == n)
			return 0;
		n = was;
	}
	errno = EAGAIN;
	return -1;
}

static inline int sem_wait(sem_t *s)
{
	int error = errno;

	while (sem_trywait(s))
		;
	errno = error;
	return 0;
}

/* It is too late at once, or waits as if there were no end. */
#define sem_timedwait(s, t) ((void)(t), __cc_perhaps() ? (errno = ETIMEDOUT, -1) : sem_wait(s))

static inline int sem_getvalue(sem_t *s, int *n)
{
	__cc_assert(s->__crosscall_state);
	*n = (int)__cc_c11("c11_load", 0, 0, &s->__value);
	return 0;
}

#endif
