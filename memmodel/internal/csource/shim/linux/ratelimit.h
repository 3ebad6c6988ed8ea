#ifndef __SHIM_LINUX_RATELIMIT_H
#define __SHIM_LINUX_RATELIMIT_H

/* No time passes here: each time, there may be more than the limit or not. */
#include <linux/kernel.h>
#include <linux/spinlock.h>
#include <linux/jiffies.h>

struct ratelimit_state { int interval, burst; unsigned long flags; };
#define RATELIMIT_MSG_ON_RELEASE 1
#define RATELIMIT_STATE_INIT(name, i, b) { .interval = (i), .burst = (b) }
#define DEFINE_RATELIMIT_STATE(name, i, b) struct ratelimit_state name = RATELIMIT_STATE_INIT(name, i, b)
#define ratelimit_state_init(s, i, b) ((s)->interval = (i), (s)->burst = (b), (void)0)
#define ratelimit_default_init(s) ratelimit_state_init((s), 5, 10)
#define ratelimit_set_flags(s, f) ((void)((s)->flags = (f)))
#define ratelimit_state_exit(s) ((void)(s))
#define __ratelimit(s) ((void)(s), __cc_perhaps())
#define net_ratelimit() __cc_perhaps()
#define net_warn_ratelimited(...) __cc_print(__VA_ARGS__)
#define net_info_ratelimited(...) __cc_print(__VA_ARGS__)
#define net_err_ratelimited(...) __cc_print(__VA_ARGS__)
#define net_crit_ratelimited(...) __cc_print(__VA_ARGS__)
#define net_dbg_ratelimited(...) __cc_print(__VA_ARGS__)
#define dev_err_ratelimited(d, ...) ((void)(d), __cc_print(__VA_ARGS__))
#define dev_warn_ratelimited(d, ...) ((void)(d), __cc_print(__VA_ARGS__))

#endif
