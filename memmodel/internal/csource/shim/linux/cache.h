#ifndef __SHIM_LINUX_CACHE_H
#define __SHIM_LINUX_CACHE_H

#include <linux/kernel.h>

#define L1_CACHE_BYTES 64
#define SMP_CACHE_BYTES 64
#define L1_CACHE_SHIFT 6

#endif
