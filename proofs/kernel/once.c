/* lib/once.c: what is done once. */
#include <linux/jump_label.h>
#include <linux/workqueue.h>
#include "lib/once.c"
#include <crosscall.h>

/* It is done once, and who finds it done sees it. */
static DEFINE_STATIC_KEY_TRUE(key);
static bool done;
static int times, value;

static void once(void)
{
	unsigned long flags;

	if (__do_once_start(&done, &flags)) {
		times++;
		value = 5;
		__do_once_done(&done, &key, &flags, NULL);
	}
	assert(value == 5);
}

void P0(void) { once(); }
void P1(void) { once(); }
void final(void) { assert(times == 1); }
