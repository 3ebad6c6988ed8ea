#ifndef __SHIM_LINUX_POLL_H
#define __SHIM_LINUX_POLL_H

#include <linux/kernel.h>

#endif
