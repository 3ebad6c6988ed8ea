// INT_MIN + 1 can be divided by -1; the remainder of LONG_MIN traps as the quotient does.
#include <limits.h>
#include <pthread.h>
int more = INT_MIN + 1;
long least = LONG_MIN;
int main(void) { more = more / -1; return least % -1L; }
