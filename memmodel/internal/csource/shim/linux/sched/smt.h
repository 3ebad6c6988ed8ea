#ifndef __SHIM_LINUX_SCHED_SMT_H
#define __SHIM_LINUX_SCHED_SMT_H

#include <linux/sched.h>

#endif
