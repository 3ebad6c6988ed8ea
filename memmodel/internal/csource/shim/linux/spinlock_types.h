#ifndef __SHIM_LINUX_SPINLOCK_TYPES_H
#define __SHIM_LINUX_SPINLOCK_TYPES_H

#include <linux/spinlock.h>

#endif
