#ifndef __SHIM_LINUX_LOCAL_LOCK_H
#define __SHIM_LINUX_LOCAL_LOCK_H

#include <linux/spinlock.h>

#endif
