#ifndef __SHIM_LINUX_INSTRUMENTED_H
#define __SHIM_LINUX_INSTRUMENTED_H

#include <linux/kcsan-checks.h>

#endif
