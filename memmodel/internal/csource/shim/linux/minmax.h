#ifndef __SHIM_LINUX_MINMAX_H
#define __SHIM_LINUX_MINMAX_H

#include <linux/kernel.h>

#endif
