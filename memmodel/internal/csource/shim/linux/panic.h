#ifndef __SHIM_LINUX_PANIC_H
#define __SHIM_LINUX_PANIC_H

#include <linux/kernel.h>

#endif
