#ifndef __SHIM_LINUX_PERCPU_DEFS_H
#define __SHIM_LINUX_PERCPU_DEFS_H

/* Per-CPU variables: a copy for each CPU, at the same distance from each other. An
 * operation on this CPU's copy is a read and a write: another CPU may come between. */
#include <linux/smp.h>

#define __PERCPU __attribute__((__crosscall_percpu(NR_CPUS)))
#define DEFINE_PER_CPU(type, name) __typeof__(type) name __PERCPU
#define DECLARE_PER_CPU(type, name) extern __typeof__(type) name __PERCPU
#define DEFINE_PER_CPU_SHARED_ALIGNED(type, name) DEFINE_PER_CPU(type, name)
#define DECLARE_PER_CPU_SHARED_ALIGNED(type, name) DECLARE_PER_CPU(type, name)
#define DEFINE_PER_CPU_ALIGNED(type, name) DEFINE_PER_CPU(type, name)
#define DECLARE_PER_CPU_ALIGNED(type, name) DECLARE_PER_CPU(type, name)
#define DEFINE_PER_CPU_READ_MOSTLY(type, name) DEFINE_PER_CPU(type, name)
#define DEFINE_PER_CPU_PAGE_ALIGNED(type, name) DEFINE_PER_CPU(type, name)
#define DEFINE_PER_CPU_CACHE_HOT(type, name) DEFINE_PER_CPU(type, name)

#define per_cpu_ptr(p, cpu) ((__typeof__(p))((char *)(p) + __cc_percpu_offset(cpu)))
#define per_cpu(name, cpu) (*per_cpu_ptr(&(name), (cpu)))
#define raw_cpu_ptr(p) per_cpu_ptr(p, __cc_cpu())
#define this_cpu_ptr(p) raw_cpu_ptr(p)
#define get_cpu_ptr(p) raw_cpu_ptr(p)
#define put_cpu_ptr(p) ((void)0)
#define get_cpu_var(name) (*raw_cpu_ptr(&(name)))
#define put_cpu_var(name) ((void)0)
#define __get_cpu_var(name) (*raw_cpu_ptr(&(name)))

#define this_cpu_read(x) READ_ONCE(*raw_cpu_ptr(&(x)))
#define this_cpu_write(x, v) WRITE_ONCE(*raw_cpu_ptr(&(x)), (v))
#define __this_cpu_op(x, op, v) ({ \
	__typeof__(&(x)) __this_p = raw_cpu_ptr(&(x)); \
	__typeof__(x) __this_v = READ_ONCE(*__this_p) op (v); \
	WRITE_ONCE(*__this_p, __this_v); \
	__this_v; })
#define this_cpu_add(x, v) ((void)__this_cpu_op(x, +, v))
#define this_cpu_sub(x, v) ((void)__this_cpu_op(x, -, v))
#define this_cpu_inc(x) this_cpu_add(x, 1)
#define this_cpu_dec(x) this_cpu_sub(x, 1)
#define this_cpu_and(x, v) ((void)__this_cpu_op(x, &, v))
#define this_cpu_or(x, v) ((void)__this_cpu_op(x, |, v))
#define this_cpu_add_return(x, v) __this_cpu_op(x, +, v)
#define this_cpu_sub_return(x, v) __this_cpu_op(x, -, v)
#define this_cpu_inc_return(x) this_cpu_add_return(x, 1)
#define this_cpu_dec_return(x) this_cpu_sub_return(x, 1)
#define this_cpu_xchg(x, v) ({ \
	__typeof__(&(x)) __this_p = raw_cpu_ptr(&(x)); \
	__typeof__(x) __this_was = READ_ONCE(*__this_p); \
	WRITE_ONCE(*__this_p, (v)); \
	__this_was; })
#define this_cpu_cmpxchg(x, o, v) ({ \
	__typeof__(&(x)) __this_p = raw_cpu_ptr(&(x)); \
	__typeof__(x) __this_was = READ_ONCE(*__this_p), __this_old = (o); \
	if (__this_was == __this_old) \
		WRITE_ONCE(*__this_p, (v)); \
	__this_was; })
#define this_cpu_try_cmpxchg(x, o, v) ({ \
	__typeof__(x) *__this_o = (o); \
	__typeof__(x) __this_old_v = *__this_o, __this_got = this_cpu_cmpxchg(x, __this_old_v, v); \
	_Bool __this_ok = __this_got == __this_old_v; \
	if (!__this_ok) \
		*__this_o = __this_got; \
	__this_ok; })

/* Those that leave it to the caller that the CPU stays the same. */
#define __this_cpu_read(...) this_cpu_read(__VA_ARGS__)
#define __this_cpu_write(...) this_cpu_write(__VA_ARGS__)
#define __this_cpu_add(...) this_cpu_add(__VA_ARGS__)
#define __this_cpu_sub(...) this_cpu_sub(__VA_ARGS__)
#define __this_cpu_inc(...) this_cpu_inc(__VA_ARGS__)
#define __this_cpu_dec(...) this_cpu_dec(__VA_ARGS__)
#define __this_cpu_and(...) this_cpu_and(__VA_ARGS__)
#define __this_cpu_or(...) this_cpu_or(__VA_ARGS__)
#define __this_cpu_add_return(...) this_cpu_add_return(__VA_ARGS__)
#define __this_cpu_sub_return(...) this_cpu_sub_return(__VA_ARGS__)
#define __this_cpu_inc_return(...) this_cpu_inc_return(__VA_ARGS__)
#define __this_cpu_dec_return(...) this_cpu_dec_return(__VA_ARGS__)
#define __this_cpu_xchg(...) this_cpu_xchg(__VA_ARGS__)
#define __this_cpu_cmpxchg(...) this_cpu_cmpxchg(__VA_ARGS__)
#define __this_cpu_try_cmpxchg(...) this_cpu_try_cmpxchg(__VA_ARGS__)
#define raw_cpu_read(...) this_cpu_read(__VA_ARGS__)
#define raw_cpu_write(...) this_cpu_write(__VA_ARGS__)
#define raw_cpu_add(...) this_cpu_add(__VA_ARGS__)
#define raw_cpu_sub(...) this_cpu_sub(__VA_ARGS__)
#define raw_cpu_inc(...) this_cpu_inc(__VA_ARGS__)
#define raw_cpu_dec(...) this_cpu_dec(__VA_ARGS__)
#define raw_cpu_and(...) this_cpu_and(__VA_ARGS__)
#define raw_cpu_or(...) this_cpu_or(__VA_ARGS__)
#define raw_cpu_add_return(...) this_cpu_add_return(__VA_ARGS__)
#define raw_cpu_sub_return(...) this_cpu_sub_return(__VA_ARGS__)
#define raw_cpu_inc_return(...) this_cpu_inc_return(__VA_ARGS__)
#define raw_cpu_dec_return(...) this_cpu_dec_return(__VA_ARGS__)
#define raw_cpu_xchg(...) this_cpu_xchg(__VA_ARGS__)
#define raw_cpu_cmpxchg(...) this_cpu_cmpxchg(__VA_ARGS__)
#define raw_cpu_try_cmpxchg(...) this_cpu_try_cmpxchg(__VA_ARGS__)

#endif
