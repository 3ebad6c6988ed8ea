// Per-CPU memory has a copy for each CPU, also for those that no thread runs on.
#include <linux/percpu.h>
#include <crosscall.h>

static unsigned __percpu *hits;
static int total;

void init(void) { hits = alloc_percpu(unsigned); }
void P0(void) { this_cpu_inc(*hits); }
void P1(void) { this_cpu_add(*hits, 2); }

void final(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		total += *per_cpu_ptr(hits, cpu);
	assert(total == 3);
	free_percpu(hits);
}
