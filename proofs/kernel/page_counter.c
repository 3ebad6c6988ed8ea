/* mm/page_counter.c: a count with a limit, which may be charged without a lock. */
#include "mm/page_counter.c"
#include <crosscall.h>

/* No more is charged than the limit, and all is given back. */
static struct page_counter counter;
static int inside;

void init(void)
{
	page_counter_init(&counter, NULL);
	counter.max = 1;
}

static void use(void)
{
	struct page_counter *fail;

	if (!page_counter_try_charge(&counter, 1, &fail))
		return;
	WRITE_ONCE(inside, READ_ONCE(inside) + 1);
	assert(READ_ONCE(inside) == 1);
	WRITE_ONCE(inside, 0);
	page_counter_uncharge(&counter, 1);
}

void P0(void) { use(); }
void P1(void) { use(); }
void final(void) { assert(page_counter_read(&counter) == 0); }
