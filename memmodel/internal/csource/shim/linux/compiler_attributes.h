#ifndef __SHIM_LINUX_COMPILER_ATTRIBUTES_H
#define __SHIM_LINUX_COMPILER_ATTRIBUTES_H

#include <linux/kernel.h>

#endif
