#include <pthread.h>
#include <stdatomic.h>
#include <assert.h>
atomic_int x;
void *g(void *a) { int n = *(int *)a; assert(n == 3); atomic_store(&x, 1); return 0; }
void *f(void *a) { pthread_t t; int v = 3; pthread_create(&t, 0, g, &v); pthread_join(t, 0); assert(x == 1); return 0; }
int main() { pthread_t t; pthread_create(&t, 0, f, 0); pthread_join(t, 0); assert(x == 1); }
