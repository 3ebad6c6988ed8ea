// A thread makes threads in a loop.
#include <pthread.h>
#include <assert.h>
pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
int x;
void *leaf(void *a) { pthread_mutex_lock(&m); x++; pthread_mutex_unlock(&m); return 0; }
void *node(void *a) { pthread_t t[2]; for (int i = 0; i < 2; i++) pthread_create(&t[i], 0, leaf, 0); for (int i = 0; i < 2; i++) pthread_join(t[i], 0); return 0; }
int main(void) {
  pthread_t t;
  pthread_create(&t, 0, node, 0);
  pthread_join(t, 0);
  assert(x == 2);
}
