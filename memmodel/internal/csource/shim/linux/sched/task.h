#ifndef __SHIM_LINUX_SCHED_TASK_H
#define __SHIM_LINUX_SCHED_TASK_H

#include <linux/sched.h>

#endif
