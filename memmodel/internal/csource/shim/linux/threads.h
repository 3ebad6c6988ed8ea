#ifndef __SHIM_LINUX_THREADS_H
#define __SHIM_LINUX_THREADS_H
#include <linux/cpumask.h>
#endif
