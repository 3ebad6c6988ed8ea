#ifndef __SHIM_LINUX_IRQFLAGS_H
#define __SHIM_LINUX_IRQFLAGS_H

#include <linux/spinlock.h>

#endif
