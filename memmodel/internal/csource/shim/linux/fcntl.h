#ifndef __SHIM_LINUX_FCNTL_H
#define __SHIM_LINUX_FCNTL_H

#include <linux/kernel.h>

#endif
