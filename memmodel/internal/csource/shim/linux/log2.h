#ifndef __SHIM_LINUX_LOG2_H
#define __SHIM_LINUX_LOG2_H

#include <linux/bitops.h>

#endif
