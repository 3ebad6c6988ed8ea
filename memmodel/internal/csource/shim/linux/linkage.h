#ifndef __SHIM_LINUX_LINKAGE_H
#define __SHIM_LINUX_LINKAGE_H

#include <linux/kernel.h>

#endif
