#ifndef __SHIM_LINUX_BTF_IDS_H
#define __SHIM_LINUX_BTF_IDS_H

#include <linux/kernel.h>

#endif
