#ifndef __SHIM_LINUX_MODULEPARAM_H
#define __SHIM_LINUX_MODULEPARAM_H

#include <linux/module.h>

#endif
