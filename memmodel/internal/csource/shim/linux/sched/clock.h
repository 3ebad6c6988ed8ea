#ifndef __SHIM_LINUX_SCHED_CLOCK_H
#define __SHIM_LINUX_SCHED_CLOCK_H

#include <linux/sched.h>
#include <linux/ktime.h>

#endif
