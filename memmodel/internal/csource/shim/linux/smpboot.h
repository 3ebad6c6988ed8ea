#ifndef __SHIM_LINUX_SMPBOOT_H
#define __SHIM_LINUX_SMPBOOT_H

#include <linux/sched.h>

struct smp_hotplug_thread {
	struct task_struct **store;
	int (*thread_should_run)(unsigned int cpu);
	void (*thread_fn)(unsigned int cpu);
	void (*create)(unsigned int cpu);
	void (*setup)(unsigned int cpu);
	void (*cleanup)(unsigned int cpu, bool online);
	void (*park)(unsigned int cpu);
	void (*unpark)(unsigned int cpu);
	bool selfparking;
	const char *thread_comm;
};

#endif
