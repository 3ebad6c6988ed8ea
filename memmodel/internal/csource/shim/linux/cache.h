#ifndef __SHIM_LINUX_CACHE_H
#define __SHIM_LINUX_CACHE_H

#include <linux/kernel.h>

#endif
