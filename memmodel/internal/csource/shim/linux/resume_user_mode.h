#ifndef __SHIM_LINUX_RESUME_USER_MODE_H
#define __SHIM_LINUX_RESUME_USER_MODE_H

#include <linux/kasan.h>
#include <linux/sched.h>

#endif
