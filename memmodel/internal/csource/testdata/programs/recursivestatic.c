// Recursive mutexes from a static initializer, and a random number.
#include <pthread.h>
#include <assert.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
pthread_mutex_t m = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
int x;
void *f(void *a) { pthread_mutex_lock(&m); pthread_mutex_lock(&m); x++; pthread_mutex_unlock(&m); pthread_mutex_unlock(&m); sleep(1); return 0; }
int main(void) {
  pthread_t t;
  srand(time(NULL));
  pthread_create(&t, 0, f, 0);
  pthread_mutex_lock(&m);
  if (rand() % 2) x++;
  pthread_mutex_unlock(&m);
  pthread_join(t, 0);
  assert(x == 1 || x == 2);
}
