#include <stdatomic.h>
#include <pthread.h>
#include <assert.h>
atomic_int flag; int data;
void *w(void *a) { data = 42; atomic_store_explicit(&flag, 1, memory_order_release); return NULL; }
void *r(void *a) { if (atomic_load_explicit(&flag, memory_order_acquire)) assert(data == 42); return NULL; }
int main() { pthread_t t1, t2; pthread_create(&t1, NULL, w, NULL); pthread_create(&t2, NULL, r, NULL); pthread_join(t1, NULL); pthread_join(t2, NULL); assert(data == 42); return 0; }
