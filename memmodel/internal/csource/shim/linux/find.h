#ifndef __SHIM_LINUX_FIND_H
#define __SHIM_LINUX_FIND_H

#include <linux/bitops.h>

#endif
