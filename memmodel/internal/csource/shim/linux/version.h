#ifndef __SHIM_LINUX_VERSION_H
#define __SHIM_LINUX_VERSION_H

#include <linux/kernel.h>

#endif
