#ifndef __SHIM_LINUX_UACCESS_H
#define __SHIM_LINUX_UACCESS_H

#include <linux/kernel.h>

#endif
