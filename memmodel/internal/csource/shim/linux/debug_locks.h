#ifndef __SHIM_LINUX_DEBUG_LOCKS_H
#define __SHIM_LINUX_DEBUG_LOCKS_H

#include <linux/kernel.h>

#endif
