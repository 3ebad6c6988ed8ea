#ifndef __SHIM_LINUX_PRINTK_H
#define __SHIM_LINUX_PRINTK_H

#include <linux/kernel.h>

#endif
