#ifndef __SHIM_LINUX_FILTER_H
#define __SHIM_LINUX_FILTER_H

#include <linux/kernel.h>

#endif
