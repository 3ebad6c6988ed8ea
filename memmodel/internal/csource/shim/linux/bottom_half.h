#ifndef __SHIM_LINUX_BOTTOM_HALF_H
#define __SHIM_LINUX_BOTTOM_HALF_H

#include <linux/spinlock.h>

#endif
