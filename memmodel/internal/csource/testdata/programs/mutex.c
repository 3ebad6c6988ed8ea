#include <pthread.h>
#include <assert.h>
#include <stdlib.h>
pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
int c;
pthread_t t[2];
void *f(void *a) { for (int i = 0; i < 2; i++) { pthread_mutex_lock(&m); c++; pthread_mutex_unlock(&m); } return 0; }
int main(void) { pthread_mutex_init(&m, NULL); for (int i = 0; i < 2; i++) if (pthread_create(&t[i], 0, f, 0)) abort(); for (int i = 0; i < 2; i++) pthread_join(t[i], 0); assert(c == 4); return 0; }
