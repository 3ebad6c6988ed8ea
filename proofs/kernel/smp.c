/* kernel/smp.c: functions that other CPUs run, in an interrupt. */
#ifndef NR_CPUS
#define NR_CPUS 2
#endif
#define irqs_disabled() 0
#include "lib/llist.c"
#include "kernel/smp.c"
#include <crosscall.h>

/* The interrupt orders nothing for the CPU that sends it; the one that is interrupted takes
 * what it reads and writes afterwards for later. */
static int ipi[NR_CPUS];
#define send_ipi(cpu) WRITE_ONCE(ipi[cpu], 1)
void send_call_function_single_ipi(int cpu) { send_ipi(cpu); }
void arch_send_call_function_ipi_mask(const struct cpumask *mask)
{
	for (int cpu = 0; cpu < NR_CPUS; cpu++)
		if (cpumask_test_cpu(cpu, mask))
			send_ipi(cpu);
}
static void interrupted(int times)
{
	for (int i = 0; i < times; i++) {
		while (!smp_load_acquire(&ipi[smp_processor_id()]))
			;
		WRITE_ONCE(ipi[smp_processor_id()], 0);
		generic_smp_call_function_single_interrupt();
	}
}

/* The parts of kernel/irq_work.c and kernel/sched/core.c that are not reached. */
void irq_work_single(void *arg) { BUG(); }
void sched_ttwu_pending(void *arg) { BUG(); }

/* A function runs once for a call, finds what the caller wrote before, and its own writes
 * are seen by a caller that waits. */
static int info, other, done[NR_CPUS];
static void func(void *p)
{
	assert((p == &info || p == &other) && *(int *)p == 1);
	done[smp_processor_id()]++;
}

#if defined(SINGLE) /* smp_call_function_single, and wait */
void P0(void) { interrupted(1); }
void P1(void)
{
	info = 1;
	smp_call_function_single(0, func, &info, 1);
	assert(done[0] == 1);
}
#elif defined(AGAIN) /* twice without waiting: the record is the caller's own, and is reused */
static void func2(void *p)
{
	assert(p == &other && other == 1 && done[0] == 1);
	done[0]++;
}
void P0(void)
{
	interrupted(1);
	if (done[0] < 2)
		interrupted(1);
	assert(done[0] == 2);
}
void P1(void)
{
	info = 1;
	smp_call_function_single(0, func, &info, 0);
	other = 1;
	smp_call_function_single(0, func2, &other, 0);
}
#elif defined(ASYNC) /* a record of the caller's, which is busy or not */
static struct __call_single_data csd;
static int sent;
void P0(void)
{
	for (int i = 0; i < 2; i++) {
		while (!smp_load_acquire(&ipi[0]))
			idle();
		WRITE_ONCE(ipi[0], 0);
		generic_smp_call_function_single_interrupt();
	}
}
void P1(void)
{
	info = 1;
	INIT_CSD(&csd, func, &info);
	assert(smp_call_function_single_async(0, &csd) == 0);
	sent = 1 + (smp_call_function_single_async(0, &csd) == 0);
}
void final(void) { assert(done[0] == sent); }
#elif defined(MANY) /* smp_call_function_many on all others, and wait */
static struct cfd_percpu pcpu_data __PERCPU;
void init(void) { per_cpu(cfd_data, NR_CPUS - 1).pcpu = &pcpu_data; }
void P0(void) { interrupted(1); }
#if NR_CPUS == 3
void P1(void) { interrupted(1); }
void P2(void)
#else
void P1(void)
#endif
{
	info = 1;
	smp_call_function_many(cpu_online_mask, func, &info, 1);
	for (int cpu = 0; cpu < NR_CPUS - 1; cpu++)
		assert(done[cpu] == 1);
}
#elif defined(MASK) /* the caller's mask loses its only bit meanwhile */
static struct cfd_percpu pcpu_data __PERCPU;
static struct cpumask mask = { { 1 } };
void init(void) { per_cpu(cfd_data, 1).pcpu = &pcpu_data; }
void P0(void)
{
	cpumask_clear_cpu(0, &mask);
	while (!smp_load_acquire(&ipi[0]))
		idle();
	generic_smp_call_function_single_interrupt();
}
void P1(void)
{
	info = 1;
	smp_call_function_many(&mask, func, &info, 1);
	assert(done[0] == READ_ONCE(ipi[0]));
}
#elif defined(TWO) /* two callers, one target: whoever finds the list empty interrupts */
void P0(void)
{
	interrupted(1);
	if (done[0] < 2)
		interrupted(1);
	assert(done[0] == 2);
}
void P1(void)
{
	info = 1;
	smp_call_function_single(0, func, &info, 1);
}
void P2(void)
{
	other = 1;
	smp_call_function_single(0, func, &other, 1);
}
#endif
