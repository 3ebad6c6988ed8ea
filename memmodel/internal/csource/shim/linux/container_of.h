#ifndef __SHIM_LINUX_CONTAINER_OF_H
#define __SHIM_LINUX_CONTAINER_OF_H

#include <linux/kernel.h>

#endif
