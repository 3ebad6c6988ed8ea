#ifndef __SHIM_LINUX_COMPILER_H
#define __SHIM_LINUX_COMPILER_H

#define READ_ONCE(x) ((__typeof__(x))__cc_prim("READ_ONCE", &(x)))
#define WRITE_ONCE(x, v) ((void)__cc_prim("WRITE_ONCE", &(x), (__typeof__(x))(v)))
#define ACCESS_ONCE(x) (*(__typeof__(x) *)__cc_once(&(x)))

#ifndef __KERNEL__
#define __KERNEL__ 1
#endif

#define READ_ONCE_NOCHECK(x) READ_ONCE(x)
#define __READ_ONCE(x) READ_ONCE(x)
#define __WRITE_ONCE(x, v) WRITE_ONCE(x, v)

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
#define ____cacheline_internodealigned_in_smp
#define CACHELINE_PADDING(name) char name
#define __acquires(x)
#define __cond_acquires(x)
#define __releases(x)
#define notrace
#define __cold
#define __hot
#define __pure
#define __attribute_const__
#define __copy(x)
#define __alias(x)
#define __no_profile
#define __no_stack_protector
#define __no_caller_saved_registers
#define __compiletime_error(s)
#define __compiletime_warning(s)
#define __diagnose_as(...)
#define __overloadable
#define __pass_object_size(n)
#define __pass_dynamic_object_size(n)
#define __scanf(a, b)
#define __gnu_inline
#define __leaf
#define __ref
#define __refdata
#define __noclone
#define __nocfi
#define __noendbr
#define __noscs
#define __lsm_ro_after_init
#define __initconst
#define __exitdata
#define __exitconst
#define __exit_p(x) (x)
#define __meminitdata
#define __memexit
#define __lockfunc
#define __sched
#define __visible
#define __noreturn
#define noinline_for_stack
#define __no_sanitize_address
#define noinstr
#define __cpuidle
#define __meminit
#define __malloc
#define __alloc_size(...)
#define __used
#define __weak
#define __packed __attribute__((packed))
#define __aligned(n)
#define __section(s)
#define __printf(a, b)
#define __no_kcsan
#define __no_sanitize_thread
#define __no_sanitize_memory
#define __flatten
#define __deprecated
#define __assume_aligned(...)
#define __must_be_array(a) 0
#define __counted_by_ptr(m)
#define __context_unsafe(...)
#define __no_sanitize_or_inline inline
#define __must_hold(x)
#define __acquire(x) ((void)0)
#define __release(x) ((void)0)
#define __cond_lock(x, c) (c)
#define __counted_by(m)
#define __guarded_by(...)
#define __pt_guarded_by(...)
#define __private
#define __nocast
#define __bitwise
#define __kernel
#define __nonstring
#define __nonnull(...)
#define __designated_init
#define __latent_entropy
#define __no_randomize_layout
#define __read_only
#define __data_racy
#define __rcu_read
#define ACCESS_PRIVATE(p, member) ((p)->member)
#define __ro_after_init
#define __randomize_layout
#define __initdata
#define __exit
#define __always_unused
#define fallthrough ((void)0)
#define __cleanup(f) __attribute__((cleanup(f)))
#define __PASTE_(a, b) a##b
#define __PASTE(a, b) __PASTE_(a, b)
#define __UNIQUE_ID(prefix) __PASTE(__PASTE(__unique_##prefix, _), __COUNTER__)
#define __same_type(a, b) __builtin_types_compatible_p(__typeof__(a), __typeof__(b))
#define __stringify(x...) #x
#define unreachable() __builtin_unreachable()
#define asmlinkage

#define barrier() ((void)__cc_prim("barrier"))
#define barrier_data(p) barrier()
#define OPTIMIZER_HIDE_VAR(x) ((void)(x))
#define RELOC_HIDE(p, off) ((__typeof__(p))((char *)(p) + (off)))
#define data_race(e) (e)
#define compiletime_assert(e, msg) _Static_assert(e, msg)
#define EXPORT_SYMBOL(x)
#define EXPORT_SYMBOL_GPL(x)
#define EXPORT_SYMBOL_NS(x, ns)
#define EXPORT_SYMBOL_NS_GPL(x, ns)
#define EXPORT_SYMBOL_FOR_TESTS_ONLY(x)
#define EXPORT_PER_CPU_SYMBOL(x)
#define EXPORT_PER_CPU_SYMBOL_GPL(x)
#define EXPORT_TRACEPOINT_SYMBOL(x)
#define EXPORT_TRACEPOINT_SYMBOL_GPL(x)
#define static_assert(e, ...) _Static_assert(e, "" __VA_ARGS__)
#define compiletime_assert_atomic_type(t) ((void)0)
#define compiletime_assert_rwonce_type(t) ((void)0)

#endif
