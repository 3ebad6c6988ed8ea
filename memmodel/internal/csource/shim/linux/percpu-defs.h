#ifndef __SHIM_LINUX_PERCPU_DEFS_H
#define __SHIM_LINUX_PERCPU_DEFS_H

#include <linux/kernel.h>

#endif
