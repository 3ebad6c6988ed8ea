#ifndef __SHIM_LINUX_INTERRUPT_H
#define __SHIM_LINUX_INTERRUPT_H

#include <linux/spinlock.h>

#endif
