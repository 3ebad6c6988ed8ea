#ifndef __SHIM_LINUX_SCATTERLIST_H
#define __SHIM_LINUX_SCATTERLIST_H

#include <linux/kernel.h>

#endif
