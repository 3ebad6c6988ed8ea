#ifndef __SHIM_LINUX_PREEMPT_H
#define __SHIM_LINUX_PREEMPT_H

#include <linux/spinlock.h>

#endif
