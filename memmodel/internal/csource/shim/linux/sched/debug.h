#ifndef __SHIM_LINUX_SCHED_DEBUG_H
#define __SHIM_LINUX_SCHED_DEBUG_H

#include <linux/kernel.h>

#endif
