#ifndef __SHIM_LINUX_PERCPU_H
#define __SHIM_LINUX_PERCPU_H

/* Per-CPU variables are arrays. */
#include <linux/smp.h>

#define DEFINE_PER_CPU(type, name) __typeof__(type) name[NR_CPUS]
#define DECLARE_PER_CPU(type, name) extern __typeof__(type) name[NR_CPUS]
#define DEFINE_PER_CPU_SHARED_ALIGNED(type, name) DEFINE_PER_CPU(type, name)
#define per_cpu(name, cpu) (name[cpu])
#define per_cpu_ptr(p, cpu) (&(*(p))[cpu])
#define this_cpu_ptr(p) per_cpu_ptr(p, __cc_cpu())
#define __get_cpu_var(name) (name[__cc_cpu()])

#endif
