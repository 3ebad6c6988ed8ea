#ifndef __SHIM_LINUX_PERCPU_H
#define __SHIM_LINUX_PERCPU_H

#include <linux/cpumask.h>
#include <linux/percpu-defs.h>

#define alloc_percpu(type) ((__typeof__(type) *)__cc_alloc_percpu(sizeof(type), 1, NR_CPUS))
#define alloc_percpu_gfp(type, gfp) alloc_percpu(type)
#define __alloc_percpu(size, align) __cc_alloc_percpu((size), 1, NR_CPUS)
#define __alloc_percpu_gfp(size, align, gfp) __alloc_percpu((size), (align))
#define free_percpu(p) __cc_free(p)

#endif
