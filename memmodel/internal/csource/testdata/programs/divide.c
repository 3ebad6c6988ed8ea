// The quotient does not fit.
#include <limits.h>
#include <pthread.h>
int least = INT_MIN, d = -1;
int main(void) { return least / d; }
