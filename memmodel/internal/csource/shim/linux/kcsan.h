#ifndef __SHIM_LINUX_KCSAN_H
#define __SHIM_LINUX_KCSAN_H

#include <linux/kcsan-checks.h>

#endif
