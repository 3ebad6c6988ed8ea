#ifndef __SHIM_LINUX_PREFETCH_H
#define __SHIM_LINUX_PREFETCH_H

#include <linux/kernel.h>

#define prefetch(p) ((void)(p))
#define prefetchw(p) ((void)(p))

#endif
