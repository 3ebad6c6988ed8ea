#ifndef __SHIM_RCU_H
#define __SHIM_RCU_H

/* RCU in Dat3M's programs. With RCU_IMP defined it is the implementation that the authors
 * of the kernel's model prove correct: Alglave et al., Frightening Small Children and
 * Disconcerting Grown-ups, ASPLOS 2018, after Desnoyers et al. */
#include <lkmm.h>

#ifdef RCU_IMP
#undef rcu_read_lock
#undef rcu_read_unlock
#undef synchronize_rcu

extern int get_my_tid();

#ifndef MAX_THREADS
#define MAX_THREADS 8
#endif

/* A reader's word holds how deep its sections are nested, and the phase in which the
 * outermost began. */
#define GP_PHASE 0x10000
#define CS_MASK 0x0ffff
static unsigned long rc[MAX_THREADS];
static unsigned long gc;
static spinlock_t gp_lock;

static inline void init_rcu(void) { gc = 1; }

static inline void rcu_read_lock(void)
{
	unsigned int self = get_my_tid();
	unsigned long mine = READ_ONCE(rc[self]);

	if (mine & CS_MASK) {
		WRITE_ONCE(rc[self], mine + 1);
	} else {
		WRITE_ONCE(rc[self], READ_ONCE(gc));
		smp_mb();
	}
}
static inline void rcu_read_unlock(void)
{
	unsigned int self = get_my_tid();

	smp_mb();
	WRITE_ONCE(rc[self], READ_ONCE(rc[self]) - 1);
}
static inline int __rcu_in_old_section(unsigned int i)
{
	unsigned long word = READ_ONCE(rc[i]);

	return (word & CS_MASK) && ((word ^ READ_ONCE(gc)) & GP_PHASE);
}
static inline void __rcu_flip_and_wait(void)
{
	WRITE_ONCE(gc, READ_ONCE(gc) ^ GP_PHASE);
	for (unsigned int i = 0; i < MAX_THREADS; i++)
		while (__rcu_in_old_section(i))
			;
}
static inline void synchronize_rcu(void)
{
	smp_mb();
	spin_lock(&gp_lock);
	__rcu_flip_and_wait();
	__rcu_flip_and_wait();
	spin_unlock(&gp_lock);
	smp_mb();
}
#else
#define init_rcu() ((void)0)
#endif

#endif
