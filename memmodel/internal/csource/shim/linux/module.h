#ifndef __SHIM_LINUX_MODULE_H
#define __SHIM_LINUX_MODULE_H

#include <linux/init.h>

#define THIS_MODULE ((void *)0)
#define MODULE_LICENSE(s)
#define MODULE_AUTHOR(s)
#define MODULE_DESCRIPTION(s)

#endif
