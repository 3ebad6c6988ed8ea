#include <linux/atomic.h>
#include <crosscall.h>
#include <linux/kernel.h>
int l; int x;
static void lock(void) { while (cmpxchg_acquire(&l, 0, 1) != 0) cpu_relax(); }
static void unlock(void) { WRITE_ONCE(l, 0); }
void P0(void) { lock(); WRITE_ONCE(x, READ_ONCE(x) + 1); unlock(); }
void P1(void) { lock(); WRITE_ONCE(x, READ_ONCE(x) + 1); unlock(); }
void final(void) { assert(x == 2); }
