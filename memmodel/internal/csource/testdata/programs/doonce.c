#include <linux/once.h>
#include <linux/ratelimit.h>
#include <crosscall.h>

static DEFINE_RATELIMIT_STATE(limit, 5 * HZ, 1);
static int times, secret, said;

static void set(int *p)
{
	times++;
	*p = 5;
}

static void use(void)
{
	DO_ONCE(set, &secret);
	assert(secret == 5 && times == 1);
}

void P0(void)
{
	use();
	if (__ratelimit(&limit))
		said = 1;
}

void P1(void) { use(); }
