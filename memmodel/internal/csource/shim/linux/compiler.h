#ifndef __SHIM_LINUX_COMPILER_H
#define __SHIM_LINUX_COMPILER_H

#define READ_ONCE(x) ((__typeof__(x))__cc_prim("READ_ONCE", &(x)))
#define WRITE_ONCE(x, v) ((void)__cc_prim("WRITE_ONCE", &(x), (__typeof__(x))(v)))
#define ACCESS_ONCE(x) (*(__typeof__(x) *)__cc_once(&(x)))

#define likely(x) (!!(x))
#define unlikely(x) (!!(x))
#define __always_inline inline
#define __force
#define __user
#define __rcu
#define __percpu
#define __iomem
#define __init
#define __read_mostly
#define __maybe_unused
#define __must_check
#define noinline
#define __cacheline_aligned
#define ____cacheline_aligned
#define __cacheline_aligned_in_smp
#define ____cacheline_aligned_in_smp
#define __acquires(x)
#define __releases(x)
#define notrace
#define asmlinkage

#define barrier() ((void)__cc_prim("barrier"))
#define data_race(e) (e)
#define EXPORT_SYMBOL(x)
#define EXPORT_SYMBOL_GPL(x)
#define static_assert _Static_assert

#endif
