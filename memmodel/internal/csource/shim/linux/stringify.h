#ifndef __SHIM_LINUX_STRINGIFY_H
#define __SHIM_LINUX_STRINGIFY_H

#include <linux/kernel.h>

#endif
