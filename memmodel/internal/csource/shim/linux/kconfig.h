#ifndef __SHIM_LINUX_KCONFIG_H
#define __SHIM_LINUX_KCONFIG_H

#include <linux/kernel.h>

#endif
