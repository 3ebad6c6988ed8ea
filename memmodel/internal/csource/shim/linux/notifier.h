#ifndef __SHIM_LINUX_NOTIFIER_H
#define __SHIM_LINUX_NOTIFIER_H

#include <linux/kernel.h>

#endif
