#ifndef __SHIM_LINUX_DELAY_H
#define __SHIM_LINUX_DELAY_H

/* A delay orders nothing. */
#include <linux/compiler.h>
#include <linux/jiffies.h>

#define udelay(n) ((void)(n))
#define ndelay(n) ((void)(n))
#define mdelay(n) ((void)(n))
#define msleep(n) ((void)(n))
#define ssleep(n) ((void)(n))
#define fsleep(n) ((void)(n))
#define usleep_range(a, b) ((void)(a), (void)(b))
#define msleep_interruptible(n) ((void)(n), 0UL)

#endif
