#include <linux/atomic.h>
#include <crosscall.h>
int l; int x;
void P0(void) { while (!READ_ONCE(l)) ; assert(x == 1); }
void P1(void) { x = 1; smp_store_release(&l, 1); }
