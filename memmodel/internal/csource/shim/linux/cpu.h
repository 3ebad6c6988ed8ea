#ifndef __SHIM_LINUX_CPU_H
#define __SHIM_LINUX_CPU_H

#include <linux/cleanup.h>
#include <linux/cpumask.h>

/* CPUs stay as they are: none goes or comes. */
#define cpus_read_lock() ((void)0)
#define cpus_read_unlock() ((void)0)
#define lockdep_assert_cpus_held() ((void)0)
#define cpus_read_trylock() 1
#define get_online_cpus() ((void)0)
#define put_online_cpus() ((void)0)
DEFINE_LOCK_GUARD_0(cpus_read_lock, cpus_read_lock(), cpus_read_unlock())

#endif
