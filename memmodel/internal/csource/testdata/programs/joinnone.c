#include <pthread.h>
static void *f(void *arg) { return arg; }
int main(void) { pthread_t s, t; pthread_create(&s, 0, f, 0); pthread_join(t, 0); return 0; }
