#ifndef __SHIM_LINUX_CPUMASK_H
#define __SHIM_LINUX_CPUMASK_H

/* Sets of CPUs, of one word: 64 at most. Copies and ands are one write each, as
 * they are in the kernel where there are no more CPUs than bits in a word. */
#include <linux/bitops.h>
#include <linux/kernel.h>

#ifndef NR_CPUS
#define NR_CPUS 4
#endif
#define nr_cpu_ids NR_CPUS

typedef struct cpumask { unsigned long bits[1]; } cpumask_t;
typedef struct cpumask cpumask_var_t[1];
#define cpumask_bits(m) ((m)->bits)
#define CPU_MASK_NONE { { 0 } }
#define CPU_MASK_ALL { { (2UL << (NR_CPUS - 1)) - 1 } }
#define CPU_BITS_NONE { 0 }

#define cpumask_test_cpu(cpu, m) test_bit(cpu, (m)->bits)
#define cpumask_set_cpu(cpu, m) set_bit(cpu, (m)->bits)
#define cpumask_clear_cpu(cpu, m) clear_bit(cpu, (m)->bits)
#define __cpumask_set_cpu(cpu, m) __set_bit(cpu, (m)->bits)
#define __cpumask_clear_cpu(cpu, m) __clear_bit(cpu, (m)->bits)
#define cpumask_test_and_set_cpu(cpu, m) test_and_set_bit(cpu, (m)->bits)
#define cpumask_test_and_clear_cpu(cpu, m) test_and_clear_bit(cpu, (m)->bits)

static inline void cpumask_clear(struct cpumask *m) { m->bits[0] = 0; }
static inline void cpumask_setall(struct cpumask *m) { m->bits[0] = (2UL << (NR_CPUS - 1)) - 1; }
static inline void cpumask_copy(struct cpumask *to, const struct cpumask *from) { to->bits[0] = from->bits[0]; }
static inline int cpumask_and(struct cpumask *to, const struct cpumask *a, const struct cpumask *b)
{
	unsigned long bits = a->bits[0] & b->bits[0];

	to->bits[0] = bits;
	return bits != 0;
}
static inline void cpumask_or(struct cpumask *to, const struct cpumask *a, const struct cpumask *b)
{
	to->bits[0] = a->bits[0] | b->bits[0];
}
static inline int cpumask_andnot(struct cpumask *to, const struct cpumask *a, const struct cpumask *b)
{
	unsigned long bits = a->bits[0] & ~b->bits[0];

	to->bits[0] = bits;
	return bits != 0;
}
static inline int cpumask_empty(const struct cpumask *m) { return m->bits[0] == 0; }
static inline int cpumask_equal(const struct cpumask *a, const struct cpumask *b) { return a->bits[0] == b->bits[0]; }
static inline int cpumask_subset(const struct cpumask *a, const struct cpumask *b) { return (a->bits[0] & ~b->bits[0]) == 0; }
static inline int cpumask_full(const struct cpumask *a) { return a->bits[0] == (2UL << (NR_CPUS - 1)) - 1; }
static inline int cpumask_intersects(const struct cpumask *a, const struct cpumask *b) { return (a->bits[0] & b->bits[0]) != 0; }
static inline unsigned int cpumask_weight(const struct cpumask *m) { return hweight_long(m->bits[0]); }

/* The first CPU in a word of bits at or after cpu; NR_CPUS if there is none. */
static inline unsigned int __first_cpu(unsigned long bits, unsigned int cpu)
{
	while (cpu < NR_CPUS && !((bits >> cpu) & 1))
		cpu++;
	return cpu;
}
static inline unsigned int cpumask_first(const struct cpumask *m) { return __first_cpu(m->bits[0], 0); }
static inline unsigned int cpumask_next(int cpu, const struct cpumask *m) { return __first_cpu(m->bits[0], cpu + 1); }
static inline unsigned int cpumask_next_and(int cpu, const struct cpumask *a, const struct cpumask *b)
{
	return __first_cpu(a->bits[0] & b->bits[0], cpu + 1);
}
#define num_online_cpus() NR_CPUS
#define num_possible_cpus() NR_CPUS
#define num_present_cpus() NR_CPUS
#define num_active_cpus() NR_CPUS
#define num_online_nodes() 1
#define cpu_online(cpu) ((void)(cpu), 1)
#define cpu_is_offline(cpu) ((void)(cpu), 0)
#define cpu_possible_mask ((const struct cpumask *)&__cpu_all)
#define cpu_online_mask ((const struct cpumask *)&__cpu_all)
#define cpu_present_mask ((const struct cpumask *)&__cpu_all)
#define cpu_active_mask ((const struct cpumask *)&__cpu_all)
static struct cpumask __cpu_all = CPU_MASK_ALL;
static struct cpumask __cpu_single[] = { { { 1 } }, { { 2 } }, { { 4 } }, { { 8 } }, { { 16 } }, { { 32 } }, { { 64 } }, { { 128 } } };
#define cpumask_of(cpu) ((const struct cpumask *)&__cpu_single[cpu])
#define cpumask_any(m) cpumask_first(m)

#define cpumask_any_and(a, b) cpumask_first_and(a, b)
#define cpumask_of_node(node) cpu_online_mask
#define cpu_to_node(cpu) ((void)(cpu), 0)
#define alloc_cpumask_var(p, gfp) ((void)(p), true)
#define zalloc_cpumask_var(p, gfp) (cpumask_clear(*(p)), true)
#define zalloc_cpumask_var_node(p, gfp, node) zalloc_cpumask_var(p, gfp)
#define free_cpumask_var(m) ((void)(m))
#define set_nr_cpu_ids(n) ((void)(n))
#define cpumask_first_and(a, b) cpumask_next_and(-1, a, b)
#define for_each_cpu(cpu, m) for ((cpu) = cpumask_first(m); (cpu) < NR_CPUS; (cpu) = cpumask_next((cpu), (m)))
#define for_each_online_cpu(cpu) for_each_possible_cpu(cpu)
#define for_each_present_cpu(cpu) for_each_possible_cpu(cpu)
#define for_each_cpu_wrap(cpu, m, start) \
	for (int __wrap = 0, __first = (start); __wrap < NR_CPUS ? ((cpu) = (__first + __wrap) % NR_CPUS, 1) : ((cpu) = NR_CPUS, 0); __wrap++) \
		if (!cpumask_test_cpu((cpu), (m))) \
			; \
		else
#define for_each_cpu_and(cpu, a, b) for ((cpu) = cpumask_next_and(-1, a, b); (cpu) < NR_CPUS; (cpu) = cpumask_next_and((cpu), (a), (b)))
#define for_each_possible_cpu(cpu) for ((cpu) = 0; (cpu) < NR_CPUS; (cpu)++)

#endif
