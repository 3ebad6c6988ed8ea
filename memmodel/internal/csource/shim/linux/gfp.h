#ifndef __SHIM_LINUX_GFP_H
#define __SHIM_LINUX_GFP_H

#include <linux/slab.h>

#endif
