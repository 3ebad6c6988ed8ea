#ifndef __SHIM_LINUX_SWAIT_H
#define __SHIM_LINUX_SWAIT_H

#include <linux/wait.h>

#endif
