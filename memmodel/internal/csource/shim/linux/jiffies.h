#ifndef __SHIM_LINUX_JIFFIES_H
#define __SHIM_LINUX_JIFFIES_H

/* Time does not go on by itself here: what waits for a time may find it over at once. */
#include <linux/compiler.h>
#include <linux/types.h>
#include <linux/param.h>

unsigned long jiffies;
#define jiffies_64 ((u64)jiffies)
#define get_jiffies_64() jiffies_64
#define MAX_JIFFY_OFFSET ((~0UL >> 1) - 1)
#define msecs_to_jiffies(m) ((unsigned long)(m) * HZ / 1000)
#define usecs_to_jiffies(u) ((unsigned long)(u) * HZ / 1000000)
#define nsecs_to_jiffies(n) ((unsigned long)(n) * HZ / 1000000000)
#define secs_to_jiffies(s) ((unsigned long)(s) * HZ)
#define jiffies_to_msecs(j) ((unsigned int)((j) * 1000 / HZ))
#define jiffies_to_usecs(j) ((unsigned int)((j) * 1000000 / HZ))
#define round_jiffies(j) (j)
#define round_jiffies_relative(j) (j)
#define time_after(a, b) ((long)((b) - (a)) < 0)
#define time_before(a, b) time_after(b, a)
#define time_after_eq(a, b) ((long)((a) - (b)) >= 0)
#define time_before_eq(a, b) time_after_eq(b, a)
#define time_in_range(a, b, c) (time_after_eq(a, b) && time_before_eq(a, c))
#define time_is_before_jiffies(a) time_after(jiffies, a)
#define time_is_after_jiffies(a) time_before(jiffies, a)
#define time_is_before_eq_jiffies(a) time_after_eq(jiffies, a)
#define time_is_after_eq_jiffies(a) time_before_eq(jiffies, a)

#endif
