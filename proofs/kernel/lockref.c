/* lib/lockref.c: a lock and a count in one word. */
#include "lib/lockref.c"
#include <crosscall.h>

static struct lockref ref = { .count = 1 };
static int dead;

void P0(void) { lockref_get(&ref); }
void P1(void) { lockref_get(&ref); }
void final(void) { assert(ref.count == 3); }
