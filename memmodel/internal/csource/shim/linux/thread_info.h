#ifndef __SHIM_LINUX_THREAD_INFO_H
#define __SHIM_LINUX_THREAD_INFO_H

#include <linux/kernel.h>

#endif
