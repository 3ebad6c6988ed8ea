#ifndef __SHIM_LINUX_PERCPU_COUNTER_H
#define __SHIM_LINUX_PERCPU_COUNTER_H

/* A count of which each CPU holds a part, up to a batch: Linux's lib/percpu_counter.c. */
#include <linux/percpu.h>
#include <linux/spinlock.h>

#define PERCPU_COUNTER_BATCH 32
struct percpu_counter {
	raw_spinlock_t lock;
	s64 count;
	s32 counters[NR_CPUS];
};
#define percpu_counter_init(c, n, gfp) ({ (c)->count = (n); 0; })
#define percpu_counter_destroy(c) ((void)(c))
static inline void percpu_counter_add_batch(struct percpu_counter *c, s64 amount, s32 batch)
{
	s32 *mine = &c->counters[__cc_cpu()];
	s64 count = READ_ONCE(*mine) + amount;

	if (count >= batch || count <= -batch) {
		raw_spin_lock(&c->lock);
		WRITE_ONCE(c->count, c->count + count);
		WRITE_ONCE(*mine, 0);
		raw_spin_unlock(&c->lock);
		return;
	}
	WRITE_ONCE(*mine, count);
}
#define percpu_counter_add(c, n) percpu_counter_add_batch((c), (n), PERCPU_COUNTER_BATCH)
#define percpu_counter_sub(c, n) percpu_counter_add((c), -(n))
#define percpu_counter_inc(c) percpu_counter_add((c), 1)
#define percpu_counter_dec(c) percpu_counter_add((c), -1)
#define percpu_counter_read(c) READ_ONCE((c)->count)
#define percpu_counter_read_positive(c) ({ s64 __read = percpu_counter_read(c); __read > 0 ? __read : 0; })
static inline s64 percpu_counter_sum(struct percpu_counter *c)
{
	s64 sum;

	raw_spin_lock(&c->lock);
	sum = c->count;
	for (int i = 0; i < NR_CPUS; i++)
		sum += READ_ONCE(c->counters[i]);
	raw_spin_unlock(&c->lock);
	return sum;
}
static inline void percpu_counter_set(struct percpu_counter *c, s64 n)
{
	raw_spin_lock(&c->lock);
	for (int i = 0; i < NR_CPUS; i++)
		WRITE_ONCE(c->counters[i], 0);
	WRITE_ONCE(c->count, n);
	raw_spin_unlock(&c->lock);
}

#endif
