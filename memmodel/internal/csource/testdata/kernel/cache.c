/* models: lkmm sc; twins: 1 */
#include <linux/slab.h>
#include <linux/string.h>
#include <asm/barrier.h>
#include <crosscall.h>

struct point { int x, y; };
static struct kmem_cache *points;
struct point *shared;

static struct point *make(void) { return kmem_cache_alloc(points, GFP_KERNEL); }

void P0(void)
{
	struct point *p;

	points = KMEM_CACHE(point, SLAB_HWCACHE_ALIGN);
	p = make();
	memset(p, 0xff, sizeof(*p));
	smp_store_release(&shared, p);
}

void P1(void)
{
#if BROKEN == 1
	struct point *p = kmem_cache_alloc(points, GFP_ATOMIC);

	assert(p->x == 0);
#else
	struct point *p = smp_load_acquire(&shared), *q;

	if (!p)
		return;
	assert(p->y == -1);
	q = krealloc(p, 2 * sizeof(*q), GFP_KERNEL);
	assert(q[0].x == -1);
	q[1] = q[0];
	assert(q[1].y == -1);
	kfree(q);
#endif
}
