#ifndef __SHIM_LINUX_RATELIMIT_TYPES_H
#define __SHIM_LINUX_RATELIMIT_TYPES_H

#include <linux/ratelimit.h>

#endif
