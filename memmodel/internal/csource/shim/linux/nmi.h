#ifndef __SHIM_LINUX_NMI_H
#define __SHIM_LINUX_NMI_H

#include <linux/kernel.h>

#endif
