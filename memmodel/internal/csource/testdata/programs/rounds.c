// Main makes threads in a loop, after it has read what those of the round before wrote.
#include <pthread.h>
#include <assert.h>
pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
int x, y;
void *f(void *a) { pthread_mutex_lock(&m); x += *(int *)a; pthread_mutex_unlock(&m); return 0; }
int main(void) {
  pthread_t t, u;
  for (int i = 0; i < 2; i++) {
    int one = 1, two = 2;
    pthread_create(&t, 0, f, &one);
    pthread_create(&u, 0, f, &two);
    pthread_join(t, 0);
    pthread_join(u, 0);
    y = x;
  }
  assert(y == 6);
}
