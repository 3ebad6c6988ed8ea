/* models: lkmm armv8 sc; twins: 1 */
#include <linux/refcount.h>
refcount_t r = REFCOUNT_INIT(1);
int gone;
void P0(void) { if (refcount_dec_and_test(&r)) WRITE_ONCE(gone, 1); }
void P1(void)
{
#if BROKEN == 1
	refcount_inc(&r);
#else
	if (refcount_inc_not_zero(&r)) {
		BUG_ON(READ_ONCE(gone));
		if (refcount_dec_and_test(&r))
			WRITE_ONCE(gone, 1);
	}
#endif
}
void final(void) { BUG_ON(!gone); }
