/*
 * What every variant has: the records, and the list that they are on.
 *
 * In 2011 none of these accesses was marked. Where one CPU polls what another
 * writes (flags, refs, the words of a cpumask, the list) the marks of today stand
 * for what a compiler made of it then: one load or store, and no order. func and
 * info are plain still: the protocol promises that nobody reads them while they
 * are written.
 */
#ifndef CALL_H
#define CALL_H

#include <linux/compiler.h>
#include <linux/atomic.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/cpumask.h>
#include <linux/smp.h>
#include <crosscall.h>

/* Since 2014 this is a store-release, which orders less: not what comes after. */
#ifndef LIST_ADD_RELEASE
#undef rcu_assign_pointer
#define rcu_assign_pointer(p, v) do { smp_wmb(); WRITE_ONCE(p, v); } while (0)
#endif
#include <linux/rculist.h>

#define CPUS 4

static const struct cpumask online = { { (1UL << CPUS) - 1 } };
#define cpu_online_mask (&online)

/* One load and one store a word: the words are read by others meanwhile. */
#ifndef PLAIN_MASK
#define MASK_READ(mask) READ_ONCE(*cpumask_bits(mask))
#define cpumask_and(to, a, b) WRITE_ONCE(*cpumask_bits(to), MASK_READ(a) & MASK_READ(b))
#define cpumask_copy(to, from) WRITE_ONCE(*cpumask_bits(to), MASK_READ(from))
#define cpumask_weight(mask) hweight_long(MASK_READ(mask))
#define cpumask_empty(mask) (MASK_READ(mask) == 0)
#endif

/* Where a question is not about the handler's own warnings. */
#ifdef NO_WARN
#undef WARN
#undef WARN_ON
#define WARN(condition, ...) do { } while (0)
#define WARN_ON(condition) do { } while (0)
#endif

#define CSD_FLAG_LOCK 1

typedef void (*smp_call_func_t)(void *info);

struct call_single_data {
	struct list_head list;
	smp_call_func_t func;
	void *info;
	unsigned int flags;
};

struct call_function_data {
	struct call_single_data csd;
	atomic_t refs;
	struct cpumask cpumask;
};

static struct {
	struct list_head queue;
	spinlock_t lock;
} call_function = { LIST_HEAD_INIT(call_function.queue) };

/* Each CPU makes its calls by a record of its own. */
static struct call_function_data cfd_data[CPUS];

/* For the questions that weaken these two. The kernel has no relaxed form of the
 * first; this is what it would be made of. */
static inline int test_and_clear_cpu_relaxed(int cpu, struct cpumask *mask)
{
	unsigned long bit = 1UL << cpu;

	return (__cc_prim("atomic_fetch_andnot_relaxed", bit, cpumask_bits(mask)) & bit) != 0;
}

/*
 * list_add_rcu, with a mark at the record's own next. It takes for granted that
 * nobody is at the record yet, which a grace period would see to.
 */
static inline void list_add_marked_rcu(struct list_head *new, struct list_head *head)
{
	struct list_head *next = head->next;

	WRITE_ONCE(new->next, next);
	new->prev = head;
	rcu_assign_pointer(head->next, new);
	next->prev = new;
}

static DEFINE_SPINLOCK(count_lock);

/* As on machines without atomic operations: atomic_set takes no lock. */
static inline int dec_return_by_lock(atomic_t *count)
{
	int left;

	smp_mb();
	spin_lock(&count_lock);
	left = atomic_read(count) - 1;
	atomic_set(count, left);
	spin_unlock(&count_lock);
	smp_mb();
	return left;
}

/* The layer below: an IPI to every CPU in mask. */
void arch_send_call_function_ipi_mask(const struct cpumask *mask);

#endif
