#ifndef __SHIM_LINUX_KERNEL_H
#define __SHIM_LINUX_KERNEL_H

#include <linux/limits.h>
#include <linux/stddef.h>
#include <linux/types.h>
#include <crosscall.h>

#include <linux/overflow.h>
#include <linux/err.h>
#include <linux/lockdep.h>
#include <linux/kcsan-checks.h>
#include <linux/nospec.h>

#define container_of(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))
#define container_of_const(ptr, type, member) container_of(ptr, type, member)
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define BUILD_BUG_ON(e) _Static_assert(!(e), "BUILD_BUG_ON")

#define min(a, b) ({ __typeof__(a) __min_a = (a); __typeof__(b) __min_b = (b); __min_a < __min_b ? __min_a : __min_b; })
#define max(a, b) ({ __typeof__(a) __max_a = (a); __typeof__(b) __max_b = (b); __max_a > __max_b ? __max_a : __max_b; })
#define min_t(t, a, b) min((t)(a), (t)(b))
#define max_t(t, a, b) max((t)(a), (t)(b))
#define min3(a, b, c) min(min(a, b), c)
#define max3(a, b, c) max(max(a, b), c)
#define min_not_zero(a, b) ({ __typeof__(a) __nz_a = (a); __typeof__(b) __nz_b = (b); __nz_a == 0 ? __nz_b : __nz_b == 0 ? __nz_a : min(__nz_a, __nz_b); })
#define umin(a, b) min((u64)(a), (u64)(b))
#define umax(a, b) max((u64)(a), (u64)(b))
#define clamp_t(t, v, lo, hi) clamp((t)(v), (t)(lo), (t)(hi))
#define clamp_val(v, lo, hi) clamp_t(__typeof__(v), v, lo, hi)
#undef abs
#define abs(x) ({ __typeof__(x) __abs = (x); __abs < 0 ? -__abs : __abs; })
#define abs_diff(a, b) ({ __typeof__(a) __diff_a = (a), __diff_b = (b); __diff_a > __diff_b ? __diff_a - __diff_b : __diff_b - __diff_a; })
#define upper_32_bits(n) ((u32)((u64)(n) >> 32))
#define lower_32_bits(n) ((u32)(n))
#define swap(a, b) do { __typeof__(a) __swap = (a); (a) = (b); (b) = __swap; } while (0)

/* What the kernel reports at run time must not happen in any execution. */
#define BUG_ON(e) __cc_assert(!(e))
#define BUG() __cc_assert(0)
#define WARN_ON(e) ({ int __warn = !!(e); __cc_assert(!__warn); __warn; })
#define WARN_ON_ONCE(e) WARN_ON(e)
#define WARN(e, ...) WARN_ON(e)
#define WARN_ONCE(e, ...) WARN_ON(e)
#define WARN_ON_SMP(e) WARN_ON(e)
#define VM_BUG_ON(e) BUG_ON(e)
#define VM_WARN_ON(e) WARN_ON(e)
#define VM_WARN_ON_ONCE(e) WARN_ON(e)
#define VM_BUG_ON_PAGE(e, p) BUG_ON(e)
#define BUILD_BUG_ON_ZERO(e) 0
#define BUILD_BUG_ON_NOT_POWER_OF_2(n) BUILD_BUG_ON((n) == 0 || (((n) & ((n) - 1)) != 0))
#define BUILD_BUG_ON_MSG(e, msg) _Static_assert(!(e), msg)
#define panic(...) __cc_assert(0)
#define might_sleep() ((void)0)
#define might_sleep_if(c) ((void)(c))
#define might_lock(l) ((void)0)
#define might_fault() ((void)0)
#define cond_resched() ((void)0)
#define typecheck(type, x) 1
#define typecheck_fn(type, f) 1
#define PTR_IF(cond, p) ((cond) ? (p) : NULL)
#define cond_resched_lock(l) ((void)(l), 0)
#define cond_resched_rcu() ((void)0)
#define might_alloc(gfp) ((void)(gfp))
#define typeof_member(type, member) __typeof__(((type *)0)->member)
/* 1 if an option is defined as 1, else 0. */
#define __config_1 0,
#define __config_second(a, b, ...) b
#define __config_is(word) __config_second(word 1, 0, 0)
#define __config_paste(value) __config_is(__config_##value)
#define IS_ENABLED(option) __config_paste(option)
#define IS_BUILTIN(option) IS_ENABLED(option)
#define IS_REACHABLE(option) IS_ENABLED(option)
#define IS_MODULE(option) 0
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define round_up(x, y) ((((x) - 1) | ((__typeof__(x))(y) - 1)) + 1)
#define round_down(x, y) ((x) & ~((__typeof__(x))(y) - 1))
#define ALIGN(x, a) round_up(x, a)
#define ALIGN_DOWN(x, a) round_down(x, a)
#define IS_ALIGNED(x, a) (((x) & ((__typeof__(x))(a) - 1)) == 0)
#define PTR_ALIGN(p, a) ((__typeof__(p))ALIGN((unsigned long)(p), (a)))
#define DIV_ROUND_UP_ULL(n, d) DIV_ROUND_UP((u64)(n), (d))
#define DIV_ROUND_CLOSEST(n, d) (((n) + (d) / 2) / (d))
#define roundup(x, y) ({ __typeof__(y) __round_to = (y); ((x) + (__round_to - 1)) / __round_to * __round_to; })
#define rounddown(x, y) ({ __typeof__(x) __rounded = (x); __rounded - __rounded % (y); })
#define clamp(v, lo, hi) min(max(v, lo), hi)
static inline bool is_power_of_2(unsigned long n) { return n != 0 && (n & (n - 1)) == 0; }
#define cpu_relax() ((void)0)

#define printk(...) __cc_print(__VA_ARGS__)
#define pr_err(...) __cc_print(__VA_ARGS__)
#define pr_warn(...) __cc_print(__VA_ARGS__)
#define pr_info(...) __cc_print(__VA_ARGS__)
#define pr_debug(...) __cc_print(__VA_ARGS__)
#define pr_notice(...) __cc_print(__VA_ARGS__)
#define pr_crit(...) __cc_print(__VA_ARGS__)
#define pr_alert(...) __cc_print(__VA_ARGS__)
#define pr_emerg(...) __cc_print(__VA_ARGS__)
#define pr_cont(...) __cc_print(__VA_ARGS__)
#define pr_err_once(...) __cc_print(__VA_ARGS__)
#define pr_warn_once(...) __cc_print(__VA_ARGS__)
#define pr_info_once(...) __cc_print(__VA_ARGS__)
#define pr_notice_once(...) __cc_print(__VA_ARGS__)
#define pr_debug_once(...) __cc_print(__VA_ARGS__)
#define pr_err_ratelimited(...) __cc_print(__VA_ARGS__)
#define pr_warn_ratelimited(...) __cc_print(__VA_ARGS__)
#define pr_info_ratelimited(...) __cc_print(__VA_ARGS__)
#define pr_debug_ratelimited(...) __cc_print(__VA_ARGS__)
#define printk_ratelimited(...) __cc_print(__VA_ARGS__)
#define printk_deferred(...) __cc_print(__VA_ARGS__)
#define printk_ratelimit() 1
#define dev_err(dev, ...) __cc_print(__VA_ARGS__)
#define dev_warn(dev, ...) __cc_print(__VA_ARGS__)
#define dev_info(dev, ...) __cc_print(__VA_ARGS__)
#define dev_dbg(dev, ...) __cc_print(__VA_ARGS__)
#define DO_ONCE_LITE(f, ...) ({ static bool __once_done; bool __once_now = !READ_ONCE(__once_done); \
	if (__once_now) { WRITE_ONCE(__once_done, true); f(__VA_ARGS__); } \
	__once_now; })
#define printk_once(...) __cc_print(__VA_ARGS__)
#define trace_printk(...) __cc_print(__VA_ARGS__)
#define dump_stack() ((void)0)
#define oops_in_progress 0
#define early_boot_irqs_disabled 0
#define KERN_EMERG ""
#define KERN_ALERT ""
#define KERN_CRIT ""
#define KERN_ERR ""
#define KERN_WARNING ""
#define KERN_NOTICE ""
#define KERN_INFO ""
#define KERN_DEBUG ""

#endif
