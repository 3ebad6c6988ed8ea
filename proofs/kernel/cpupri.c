/* kernel/sched/cpupri.c: which CPUs run at which priority. */
#include <linux/cpumask.h>
#include <linux/sched.h>
#include <linux/sched/prio.h>
#include <linux/slab.h>
#include "kernel/sched/cpupri.h"
#include "kernel/sched/cpupri.c"
#include <crosscall.h>

/* Who sees that a priority has a CPU, as cpupri_find does, sees the CPU. */
static struct cpupri cp;

void init(void)
{
	int err = cpupri_init(&cp);

	assert(!err);
}

void P0(void) { cpupri_set(&cp, 0, 50); }
void P1(void)
{
	struct cpupri_vec *vec = &cp.pri_to_cpu[convert_prio(50)];

	if (!atomic_read(&vec->count))
		return;
	smp_rmb();
	assert(cpumask_test_cpu(0, vec->mask));
}
