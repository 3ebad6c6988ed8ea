// A local variable without a value is read by the thread that has its address.
#include <pthread.h>
#include <assert.h>
int g;
void *f(void *a) { g = *(int *)a; return 0; }
int main(void) {
  pthread_t t;
  int v;
  pthread_create(&t, 0, f, &v);
  pthread_join(t, 0);
}
