#ifndef __SHIM_LINUX_KCSAN_CHECKS_H
#define __SHIM_LINUX_KCSAN_CHECKS_H

/* What KCSAN is told: the checker's own flag of data races needs none of it. */
#include <linux/compiler.h>

#define ASSERT_EXCLUSIVE_WRITER(x) ((void)sizeof(x))
#define ASSERT_EXCLUSIVE_WRITER_SCOPED(x) ((void)sizeof(x))
#define ASSERT_EXCLUSIVE_ACCESS(x) ((void)sizeof(x))
#define ASSERT_EXCLUSIVE_ACCESS_SCOPED(x) ((void)sizeof(x))
#define ASSERT_EXCLUSIVE_BITS(x, m) ((void)sizeof(x))
#define kcsan_atomic_next(n) ((void)0)
#define kcsan_nestable_atomic_begin() ((void)0)
#define kcsan_nestable_atomic_end() ((void)0)
#define kcsan_flat_atomic_begin() ((void)0)
#define kcsan_flat_atomic_end() ((void)0)
#define kcsan_mb() ((void)0)
#define kcsan_rmb() ((void)0)
#define kcsan_wmb() ((void)0)
#define kcsan_release() ((void)0)
#define kcsan_check_access(p, n, t) ((void)0)
#define kcsan_check_read(p, n) ((void)0)
#define kcsan_check_write(p, n) ((void)0)
#define instrument_read(p, n) ((void)0)
#define instrument_write(p, n) ((void)0)
#define instrument_atomic_read(p, n) ((void)0)
#define instrument_atomic_write(p, n) ((void)0)
#define instrument_atomic_read_write(p, n) ((void)0)

#endif
