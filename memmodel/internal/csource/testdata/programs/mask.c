#include <linux/smp.h>
struct cpumask m;
void init(void) { cpumask_setall(&m); cpumask_clear_cpu(3, &m); }
static void go(void) { int c = smp_processor_id(); if (cpumask_test_and_clear_cpu(c, &m)) assert(!cpumask_test_cpu(c, &m)); }
void P0(void) { go(); unsigned int cpu; int n = 0; for_each_cpu(cpu, &m) n++; assert(n <= 2); }
void P1(void) { go(); }
void P2(void) { go(); }
void final(void) { assert(cpumask_empty(&m)); assert(cpumask_weight(&m) == 0); }
