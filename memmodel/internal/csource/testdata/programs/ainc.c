#include <stdatomic.h>
#include <pthread.h>
#include <assert.h>
#ifndef N
#define N 3
#endif
atomic_int x;
int idx[N];
void *f(void *a) { int i = *(int *)a; atomic_fetch_add(&x, i + 1); return NULL; }
int main() { pthread_t t[N]; for (int i = 0; i < N; i++) { idx[i] = i; pthread_create(&t[i], NULL, f, &idx[i]); } for (int i = 0; i < N; i++) pthread_join(t[i], NULL); assert(x == N * (N + 1) / 2); }
