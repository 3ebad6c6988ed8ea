/*
 * V2: "add missing ordering".
 *
 * refs is zero and func is new before a bit of cpumask says so.
 */
#include "call.h"

static inline void csd_lock_wait(struct call_single_data *csd)
{
	while (READ_ONCE(csd->flags) & CSD_FLAG_LOCK)
		cpu_relax();
}

static inline void csd_lock(struct call_single_data *csd)
{
	csd_lock_wait(csd);
	WRITE_ONCE(csd->flags, CSD_FLAG_LOCK);
	/* The record is ours before anything is written to it. */
	smp_mb();
}

static inline void csd_unlock(struct call_single_data *csd)
{
	/* We are done with the record before it is anyone else's. */
	smp_mb();
	WRITE_ONCE(csd->flags, 0);
}

/*
 * A call to several CPUs. At least two others were in mask when the caller
 * looked at it; one alone would have been called as a single CPU.
 */
static void call_many(const struct cpumask *mask, smp_call_func_t func,
		      void *info, bool wait)
{
	int this_cpu = smp_processor_id();
	struct call_function_data *data = &cfd_data[this_cpu];
	int refs;

	csd_lock(&data->csd);

	/* The third CPU that made it zero may not be in sight of all yet. */
	atomic_set(&data->refs, 0);

	data->csd.func = func;
	data->csd.info = info;

	/* Who sees a bit of cpumask sees the above. */
	smp_wmb();

	/* One store: a bit that is cleared later must never be seen set. */
	cpumask_and(&data->cpumask, mask, cpu_online_mask);
	cpumask_clear_cpu(this_cpu, &data->cpumask);
	refs = cpumask_weight(&data->cpumask);

	spin_lock(&call_function.lock);
	/* At the head: who is at this record must not miss those behind it. */
	list_add_rcu(&data->csd.list, &call_function.queue);
	/* The record is on the list before anybody takes it off. */
	atomic_set(&data->refs, refs);
	spin_unlock(&call_function.lock);

	/* The record is on the list before anybody is sent there. */
	smp_mb();
	arch_send_call_function_ipi_mask(&data->cpumask);

	if (wait)
		csd_lock_wait(&data->csd);
}

/* What an IPI makes a CPU do, with interrupts off. */
static void generic_smp_call_function_interrupt(void)
{
	struct call_function_data *data;
	int cpu = smp_processor_id();

	/* What made the other CPU send the IPI is in sight. */
	smp_mb();

	list_for_each_entry_rcu(data, &call_function.queue, csd.list) {
		smp_call_func_t func;
		int refs;

		if (!cpumask_test_cpu(cpu, &data->cpumask))
			continue;

		smp_rmb();
		if (atomic_read(&data->refs) == 0)
			continue;

		func = data->csd.func;
		func(data->csd.info);

		if (!cpumask_test_and_clear_cpu(cpu, &data->cpumask)) {
			WARN(1, "%pS enabled interrupts and ran twice", func);
			continue;
		}

		refs = atomic_dec_return(&data->refs);
		WARN_ON(refs < 0);
		if (refs)
			continue;

		/* The last one takes the record off the list, and gives it back. */
		WARN_ON(!cpumask_empty(&data->cpumask));

		spin_lock(&call_function.lock);
		list_del_rcu(&data->csd.list);
		spin_unlock(&call_function.lock);

		csd_unlock(&data->csd);
	}
}

#ifndef SCENARIO
#define SCENARIO "reuse.h"
#endif
#include SCENARIO
