#ifndef __SHIM_LINUX_JIFFIES_H
#define __SHIM_LINUX_JIFFIES_H

#include <linux/sched.h>

#endif
