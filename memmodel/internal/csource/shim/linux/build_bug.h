#ifndef __SHIM_LINUX_BUILD_BUG_H
#define __SHIM_LINUX_BUILD_BUG_H

#include <linux/kernel.h>

#endif
