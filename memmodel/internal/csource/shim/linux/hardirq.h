#ifndef __SHIM_LINUX_HARDIRQ_H
#define __SHIM_LINUX_HARDIRQ_H

#include <linux/spinlock.h>

#endif
