#ifndef __SHIM_GENERATED_BOUNDS_H
#define __SHIM_GENERATED_BOUNDS_H

/* Sizes that the kernel's build works out. */
#define SPINLOCK_SIZE 4
#define NR_CPUS_BITS 2
#define NR_PAGEFLAGS 24
#define MAX_NR_ZONES 4

#endif
