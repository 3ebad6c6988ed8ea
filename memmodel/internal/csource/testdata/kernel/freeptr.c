/* models: lkmm sc; twins: 2 */
#include <linux/slab.h>
struct o { int a; };
static struct o *make(int fail)
{
	struct o *p __free(kfree) = kmalloc(sizeof(*p), GFP_KERNEL);

	p->a = 3;
	if (fail)
		return NULL;
#if BROKEN == 1
	return p;
#else
	return_ptr(p);
#endif
}
void P0(void)
{
	struct o *p = make(0), *q = make(1);

	BUG_ON(q || p->a != 3);
	kfree(p);
#if BROKEN == 2
	p->a = 1;
#endif
}
