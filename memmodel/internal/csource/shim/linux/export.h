#ifndef __SHIM_LINUX_EXPORT_H
#define __SHIM_LINUX_EXPORT_H

#include <linux/kernel.h>

#endif
