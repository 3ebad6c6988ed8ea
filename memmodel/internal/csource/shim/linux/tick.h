#ifndef __SHIM_LINUX_TICK_H
#define __SHIM_LINUX_TICK_H

#include <linux/sched.h>

#define tick_nohz_tick_stopped() 0

#endif
