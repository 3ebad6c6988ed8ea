#ifndef __SHIM_LINUX_COMPILER_TYPES_H
#define __SHIM_LINUX_COMPILER_TYPES_H

#include <linux/kernel.h>

#endif
