#ifndef __SHIM_LINUX_MMDEBUG_H
#define __SHIM_LINUX_MMDEBUG_H

#include <linux/kernel.h>

#endif
