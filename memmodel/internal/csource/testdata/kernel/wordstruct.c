/* models: lkmm armv8; twins: 1 */
#include <linux/atomic.h>
#include <linux/kernel.h>
/* A word of a struct, taken for an atomic_long_t, as in the kernel's sbitmap. */
static struct map { unsigned long word, cleared; } map;
static atomic_long_t other;
void P0(void)
{
	struct map *m = &map;

	atomic_long_or(2, (atomic_long_t *)&m->word);
	atomic_long_inc(&other);
}
void P1(void)
{
	struct map *m = &map;
	unsigned long word = READ_ONCE(m->word);

	BUG_ON(word != 0 && word != 2);
#if BROKEN == 1
	BUG_ON(word == 2);
#endif
}
