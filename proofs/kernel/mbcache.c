/* fs/mbcache.c: a cache of blocks, by a hash of what is in them. */
#include "fs/mbcache.c"
#include <crosscall.h>

/* A block that is found is whole, and its counts are right. */
static struct mb_cache *cache;

void init(void)
{
	mbcache_init();
	cache = mb_cache_create(1);
}

void P0(void)
{
	int err = mb_cache_entry_create(cache, GFP_KERNEL, 1, 7, true);

	assert(!err);
}

void P1(void)
{
	struct mb_cache_entry *e = mb_cache_entry_get(cache, 1, 7);

	if (!e)
		return;
	cover();
	assert(e->e_value == 7 && atomic_read(&e->e_refcnt) >= 2);
	mb_cache_entry_put(cache, e);
}

void final(void) { assert(cache->c_entry_count == 1); }
