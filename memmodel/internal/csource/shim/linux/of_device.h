#ifndef __SHIM_LINUX_OF_DEVICE_H
#define __SHIM_LINUX_OF_DEVICE_H

#include <linux/mm.h>

#endif
