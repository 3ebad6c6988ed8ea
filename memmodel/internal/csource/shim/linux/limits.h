#ifndef __SHIM_LINUX_LIMITS_H
#define __SHIM_LINUX_LIMITS_H

#include <limits.h>

#endif
