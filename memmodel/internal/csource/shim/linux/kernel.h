#ifndef __SHIM_LINUX_KERNEL_H
#define __SHIM_LINUX_KERNEL_H

#include <linux/types.h>
#include <crosscall.h>

#define container_of(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define BUILD_BUG_ON(e) _Static_assert(!(e), "BUILD_BUG_ON")

#define min(a, b) ({ __typeof__(a) __min_a = (a); __typeof__(b) __min_b = (b); __min_a < __min_b ? __min_a : __min_b; })
#define max(a, b) ({ __typeof__(a) __max_a = (a); __typeof__(b) __max_b = (b); __max_a > __max_b ? __max_a : __max_b; })
#define min_t(t, a, b) min((t)(a), (t)(b))
#define max_t(t, a, b) max((t)(a), (t)(b))
#define swap(a, b) do { __typeof__(a) __swap = (a); (a) = (b); (b) = __swap; } while (0)

/* What the kernel reports at run time must not happen in any execution. */
#define BUG_ON(e) __cc_assert(!(e))
#define BUG() __cc_assert(0)
#define WARN_ON(e) ({ int __warn = !!(e); __cc_assert(!__warn); __warn; })
#define WARN_ON_ONCE(e) WARN_ON(e)
#define WARN(e, ...) WARN_ON(e)
#define WARN_ONCE(e, ...) WARN_ON(e)
#define might_sleep() ((void)0)
#define cpu_relax() ((void)0)

#define printk(...) __cc_print(__VA_ARGS__)
#define pr_err(...) __cc_print(__VA_ARGS__)
#define pr_warn(...) __cc_print(__VA_ARGS__)
#define pr_info(...) __cc_print(__VA_ARGS__)
#define pr_debug(...) __cc_print(__VA_ARGS__)

#endif
