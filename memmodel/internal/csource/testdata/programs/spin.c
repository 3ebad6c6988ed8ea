#include <linux/atomic.h>
#include <crosscall.h>
#include <linux/kernel.h>
int l; int x;
static void lock(void) { while (cmpxchg_acquire(&l, 0, 1) != 0) cpu_relax(); }
static void unlock(void) { smp_store_release(&l, 0); }
void P0(void) { lock(); x++; unlock(); }
void P1(void) { lock(); x++; unlock(); }
void final(void) { assert(x == 2); }
