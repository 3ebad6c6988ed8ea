#ifndef __SHIM_LINUX_DELAY_H
#define __SHIM_LINUX_DELAY_H

#include <linux/sched.h>

#endif
