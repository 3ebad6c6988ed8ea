#ifndef __SHIM_ASM_LOCAL_H
#define __SHIM_ASM_LOCAL_H

/* Counters that one CPU changes. */
#include <linux/atomic.h>

typedef struct { atomic_long_t a; } local_t;
#define LOCAL_INIT(n) { ATOMIC_LONG_INIT(n) }
#define local_read(l) atomic_long_read(&(l)->a)
#define local_set(l, n) atomic_long_set(&(l)->a, (n))
#define local_inc(l) atomic_long_inc(&(l)->a)
#define local_dec(l) atomic_long_dec(&(l)->a)
#define local_add(n, l) atomic_long_add((n), &(l)->a)
#define local_sub(n, l) atomic_long_sub((n), &(l)->a)
#define local_add_return(n, l) atomic_long_add_return((n), &(l)->a)
#define local_cmpxchg(l, o, n) atomic_long_cmpxchg(&(l)->a, (o), (n))
#define local_xchg(l, n) atomic_long_xchg(&(l)->a, (n))
#define local_dec_and_test(l) atomic_long_dec_and_test(&(l)->a)
#define local_inc_and_test(l) atomic_long_inc_and_test(&(l)->a)

#endif
