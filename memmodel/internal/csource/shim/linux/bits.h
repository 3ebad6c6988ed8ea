#ifndef __SHIM_LINUX_BITS_H
#define __SHIM_LINUX_BITS_H

#include <linux/bitops.h>

#endif
