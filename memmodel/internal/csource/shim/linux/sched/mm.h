#ifndef __SHIM_LINUX_SCHED_MM_H
#define __SHIM_LINUX_SCHED_MM_H

#include <linux/sched.h>

#endif
