#ifndef __SHIM_LINUX_MODULE_H
#define __SHIM_LINUX_MODULE_H

#include <linux/kernel.h>

#endif
