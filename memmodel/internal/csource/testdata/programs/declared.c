/* What a preprocessor leaves of <pthread.h> and <assert.h>. */
# 1 "declared.c"
typedef unsigned int size_t;
typedef unsigned long int pthread_t;
struct __lock { int value; unsigned owner; };
typedef union { struct __lock data; char room[40]; long align; } pthread_mutex_t;
typedef union { char room[4]; int align; } pthread_mutexattr_t;
typedef union { char room[56]; long align; } pthread_attr_t;
typedef int wide __attribute__((__mode__(__word__)));
extern int pthread_create(pthread_t *__restrict to, const pthread_attr_t *__restrict attr,
	void *(*start)(void *), void *__restrict arg) __attribute__((__nothrow__)) __attribute__((__nonnull__(1, 3)));
extern int pthread_join(pthread_t t, void **result);
extern int pthread_mutex_init(pthread_mutex_t *m, const pthread_mutexattr_t *attr);
extern int pthread_mutex_lock(pthread_mutex_t *m), pthread_mutex_unlock(pthread_mutex_t *m);
extern int setjmp(int *env) __attribute__((__returns_twice__));
extern void __assert_fail(const char *what, const char *file, unsigned line, const char *function) __attribute__((__noreturn__));

pthread_mutex_t m = { { 0, 0 } };
int x;

static void *add(void *arg)
{
	pthread_mutex_lock(&m);
	x++;
	pthread_mutex_unlock(&m);
	return ((void *)0);
}

int main(void)
{
	pthread_t t, u;

	pthread_create(&t, ((void *)0), add, ((void *)0));
	pthread_create(&u, ((void *)0), add, ((void *)0));
	pthread_join(t, ((void *)0));
	pthread_join(u, ((void *)0));
	((void)sizeof((x == 3) ? 1 : 0), __extension__ ({ if (x == 3) ; else __assert_fail("x == 3", "declared.c", 35, __extension__ __PRETTY_FUNCTION__); }));
}
