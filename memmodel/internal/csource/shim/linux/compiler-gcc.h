#ifndef __SHIM_LINUX_COMPILER_GCC_H
#define __SHIM_LINUX_COMPILER_GCC_H

#include <linux/kernel.h>

#endif
