// Two take a reference if there is one left.
#include <linux/refcount.h>
refcount_t r = REFCOUNT_INIT(1);
int gone;
static void put(void) { if (refcount_dec_and_test(&r)) WRITE_ONCE(gone, 1); }
static void use(void)
{
	if (refcount_inc_not_zero(&r)) {
		BUG_ON(READ_ONCE(gone));
		put();
	}
}
void P0(void) { put(); }
void P1(void) { use(); }
void P2(void) { use(); }
void final(void) { BUG_ON(!gone); }
