// A pointer that is used before it is set.
#include <linux/atomic.h>

static int x;
int *p;
void (*f)(void);
static void g(void) { x = 1; }

void P0(void) { WRITE_ONCE(p, &x); WRITE_ONCE(f, g); }
void P1(void) { void (*h)(void) = READ_ONCE(f); int *q = READ_ONCE(p); if (q) h(); }
