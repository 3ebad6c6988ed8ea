#ifndef __SHIM_LINUX_INIT_H
#define __SHIM_LINUX_INIT_H

#include <linux/kernel.h>

#endif
