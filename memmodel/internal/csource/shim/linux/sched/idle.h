#ifndef __SHIM_LINUX_SCHED_IDLE_H
#define __SHIM_LINUX_SCHED_IDLE_H

#include <linux/sched.h>

#endif
