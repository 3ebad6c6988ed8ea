/* models: lkmm sc; twins: 1 */
#include <linux/jump_label.h>
#include <linux/kernel.h>
DEFINE_STATIC_KEY_FALSE(k);
int x;
void P0(void)
{
	WRITE_ONCE(x, 1);
#if BROKEN != 1
	smp_mb();
#endif
	static_branch_enable(&k);
}
void P1(void)
{
	if (static_branch_unlikely(&k)) {
		smp_rmb();
		BUG_ON(READ_ONCE(x) != 1);
	}
}
