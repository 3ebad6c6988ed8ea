#ifndef __SHIM_LINUX_BPF_H
#define __SHIM_LINUX_BPF_H

#include <linux/kernel.h>

#endif
