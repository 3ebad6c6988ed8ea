#ifndef __SHIM_LINUX_TIME_TYPES_H
#define __SHIM_LINUX_TIME_TYPES_H

#include <linux/types.h>

#endif
