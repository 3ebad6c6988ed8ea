#ifndef __SHIM_LINUX_SPINLOCK_TYPES_RAW_H
#define __SHIM_LINUX_SPINLOCK_TYPES_RAW_H

#include <linux/spinlock.h>

#endif
