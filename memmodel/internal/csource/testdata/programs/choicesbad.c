// What runs first has choices, and so has what runs last.
#include <linux/atomic.h>
#include <crosscall.h>
int x, y;
void init(void) { x = choose(3); }
void P0(void) { WRITE_ONCE(y, READ_ONCE(x)); }
void final(void) { assert(y == x && x < 2 + choose(2)); }
