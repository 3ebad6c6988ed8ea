#ifndef __SHIM_PTHREAD_ONCE_H
#define __SHIM_PTHREAD_ONCE_H

/* 1 while the function runs, 2 once it has ended. */
typedef int pthread_once_t;
#define PTHREAD_ONCE_INIT 0

static inline int pthread_once(pthread_once_t *o, void (*f)(void))
{
	int was = (int)__cc_c11("c11_cmpxchg", 1, 1, o, 0, 1);

	if (was == 2)
		return 0;
	if (was == 0) {
		f();
		__cc_c11("c11_store", 3, 0, o, 2);
		return 0;
	}
	while ((int)__cc_c11("c11_load", 1, 0, o) != 2)
		;
	return 0;
}

/* A key is a number from 1 on; each thread has its own values. */
typedef unsigned int pthread_key_t;
#define PTHREAD_KEYS_MAX 4
#define PTHREAD_DESTRUCTOR_ITERATIONS 4
static int __pthread_keys;
static void (*__pthread_key_end[PTHREAD_KEYS_MAX + 1])(void *);
static _Thread_local void *__pthread_key_value[PTHREAD_KEYS_MAX + 1];

static inline int __pthread_key_create(pthread_key_t *k)
{
	*k = (pthread_key_t)__cc_c11("c11_fetch_add", 0, 0, &__pthread_keys, 1) + 1;
	return *k > PTHREAD_KEYS_MAX ? 11 : 0;
}

/* Where a thread ends: the destructor of each key that has a value, until none has. */
static inline void __pthread_key_ends(void)
{
	for (int i = 0, some = 1; some && i < PTHREAD_DESTRUCTOR_ITERATIONS; i++) {
		some = 0;
		for (int k = 1; k <= PTHREAD_KEYS_MAX; k++) {
			void *v = __pthread_key_value[k];
			void (*end)(void *);

			if (!v)
				continue;
			end = (void (*)(void *))__cc_c11("c11_load", 2, 0, &__pthread_key_end[k]);
			if (!end)
				continue;
			__pthread_key_value[k] = 0;
			some = 1;
			end(v);
		}
	}
}
static inline int __pthread_key_create_end(pthread_key_t *k, void (*end)(void *))
{
	int error = __pthread_key_create(k);

	if (!error)
		__cc_c11("c11_store", 3, 0, &__pthread_key_end[*k], end);
	return error;
}
#define pthread_key_create(k, end) ((end) ? (0 ? (__pthread_key_ends(), 0) : __pthread_key_create_end((k), (end))) : __pthread_key_create(k))
#define pthread_key_delete(k) ({ __cc_c11("c11_store", 3, 0, &__pthread_key_end[k], (void (*)(void *))0); 0; })

static inline int pthread_setspecific(pthread_key_t k, const void *v)
{
	__cc_assert(k > 0 && k <= PTHREAD_KEYS_MAX);
	__pthread_key_value[k] = (void *)v;
	return 0;
}

static inline void *pthread_getspecific(pthread_key_t k)
{
	__cc_assert(k > 0 && k <= PTHREAD_KEYS_MAX);
	return __pthread_key_value[k];
}

#endif
