#ifndef __SHIM_LINUX_BTF_H
#define __SHIM_LINUX_BTF_H

#include <linux/kernel.h>

#endif
