#ifndef __SHIM_LINUX_ONCE_LITE_H
#define __SHIM_LINUX_ONCE_LITE_H

#include <linux/kernel.h>

#endif
