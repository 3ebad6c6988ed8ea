#ifndef __SHIM_LINUX_SCHED_SIGNAL_H
#define __SHIM_LINUX_SCHED_SIGNAL_H

#include <linux/sched.h>

#endif
