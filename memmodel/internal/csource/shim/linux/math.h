#ifndef __SHIM_LINUX_MATH_H
#define __SHIM_LINUX_MATH_H

#include <linux/kernel.h>

#endif
