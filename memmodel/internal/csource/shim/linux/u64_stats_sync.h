#ifndef __SHIM_LINUX_U64_STATS_SYNC_H
#define __SHIM_LINUX_U64_STATS_SYNC_H

/* Counts of 64 bits are single words here: there is nothing to guard, as on all
 * machines of 64 bits. */
#include <linux/types.h>

struct u64_stats_sync { int __none; };
typedef struct { u64 v; } u64_stats_t;
#define u64_stats_init(s) ((void)(s))
#define u64_stats_update_begin(s) ((void)(s))
#define u64_stats_update_end(s) ((void)(s))
#define u64_stats_update_begin_irqsave(s) ((void)(s), 0UL)
#define u64_stats_update_end_irqrestore(s, f) ((void)(s))
#define u64_stats_fetch_begin(s) ((void)(s), 0U)
#define u64_stats_fetch_retry(s, q) ((void)(q), 0)
#define u64_stats_read(p) READ_ONCE((p)->v)
#define u64_stats_set(p, n) WRITE_ONCE((p)->v, (n))
#define u64_stats_add(p, n) do { u64_stats_t *__stats = (p); WRITE_ONCE(__stats->v, READ_ONCE(__stats->v) + (n)); } while (0)
#define u64_stats_inc(p) u64_stats_add(p, 1)

#endif
