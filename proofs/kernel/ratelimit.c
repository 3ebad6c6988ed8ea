/* lib/ratelimit.c: a limit on how often something happens. */
#include "lib/ratelimit.c"
#include <crosscall.h>

/* It happens no more often than the limit, while no time passes. */
static struct ratelimit_state limit = RATELIMIT_STATE_INIT(limit, 5 * HZ, 1);
static atomic_t times;

static void use(void)
{
	if (___ratelimit(&limit, "use"))
		atomic_inc(&times);
}

void P0(void) { use(); }
void P1(void) { use(); }
void final(void) { assert(atomic_read(&times) == 1); }
