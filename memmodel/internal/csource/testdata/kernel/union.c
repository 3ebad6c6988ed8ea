/* models: lkmm armv8; twins: 1 */
#include <linux/atomic.h>
#include <linux/kernel.h>
struct node { union { unsigned int u; atomic_t a; }; } n;
struct { unsigned int lock : 1; int level : 7; bool set : 1; } f = { 1, -3 };
void P0(void) { atomic_or(1 << 31, &n.a); }
void P1(void)
{
	unsigned int u = READ_ONCE(n.u);
	BUG_ON(u != 0 && u != 0x80000000u);
	f.set = 1;
	f.level += 1;
	BUG_ON(!f.lock || f.level != -2);
#if BROKEN == 1
	BUG_ON(u == 0x80000000u);
#endif
}
