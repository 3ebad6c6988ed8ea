#ifndef __SHIM_LINUX_STOP_MACHINE_H
#define __SHIM_LINUX_STOP_MACHINE_H

#include <linux/compiler.h>

#define __STOP_MACHINE(f) (__cc_unsupported(f " is not supported: the other threads are not stopped here. Use a lock that they take"), 0)
#define stop_machine(f, data, cpus) __STOP_MACHINE("stop_machine")
#define stop_machine_cpuslocked(f, data, cpus) __STOP_MACHINE("stop_machine_cpuslocked")
#define stop_one_cpu(cpu, f, arg) __STOP_MACHINE("stop_one_cpu")

#endif
