#ifndef __SHIM_LINUX_KTIME_H
#define __SHIM_LINUX_KTIME_H

/* Nanoseconds. The clock stands still, as jiffies do. */
#include <linux/jiffies.h>

#define NSEC_PER_SEC 1000000000L
#define NSEC_PER_MSEC 1000000L
#define NSEC_PER_USEC 1000L
#define USEC_PER_SEC 1000000L
#define MSEC_PER_SEC 1000L
#define KTIME_MAX ((s64)~(1ULL << 63))
#define ktime_set(s, ns) ((ktime_t)(s) * NSEC_PER_SEC + (s64)(ns))
#define ktime_add(a, b) ((a) + (b))
#define ktime_add_ns(a, n) ((a) + (n))
#define ktime_sub(a, b) ((a) - (b))
#define ktime_compare(a, b) ((a) < (b) ? -1 : (a) > (b))
#define ktime_after(a, b) ((a) > (b))
#define ktime_before(a, b) ((a) < (b))
#define ktime_to_ns(t) (t)
#define ktime_to_us(t) ((t) / NSEC_PER_USEC)
#define ktime_to_ms(t) ((t) / NSEC_PER_MSEC)
#define ns_to_ktime(n) ((ktime_t)(n))
#define us_to_ktime(n) ((ktime_t)(n) * NSEC_PER_USEC)
#define ms_to_ktime(n) ((ktime_t)(n) * NSEC_PER_MSEC)
#define ktime_get() ((ktime_t)jiffies)
#define ktime_get_ns() ((u64)jiffies)
#define ktime_get_real() ktime_get()
#define ktime_get_boottime() ktime_get()
#define ktime_get_mono_fast_ns() ktime_get_ns()
#define sched_clock() ktime_get_ns()
#define local_clock() ktime_get_ns()
#define cpu_clock(cpu) ktime_get_ns()

#endif
