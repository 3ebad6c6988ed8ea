#ifndef __SHIM_LINUX_SHRINKER_H
#define __SHIM_LINUX_SHRINKER_H

/* Memory never gets short: a shrinker is called by the program alone. */
#include <linux/types.h>

struct shrink_control { unsigned int gfp_mask; int nid; unsigned long nr_to_scan, nr_scanned; };
struct shrinker {
	unsigned long (*count_objects)(struct shrinker *, struct shrink_control *);
	unsigned long (*scan_objects)(struct shrinker *, struct shrink_control *);
	long batch;
	int seeks;
	unsigned flags;
};
#define DEFAULT_SEEKS 2
#define SHRINK_STOP (~0UL)
#define SHRINK_EMPTY (~0UL - 1)
#define register_shrinker(s, ...) ((void)(s), 0)
#define unregister_shrinker(s) ((void)(s))

#endif
