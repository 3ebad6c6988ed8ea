#ifndef __SHIM_LINUX_LOCAL_LOCK_H
#define __SHIM_LINUX_LOCAL_LOCK_H

/* A local lock keeps a CPU to itself: it excludes and orders no other CPU. */
#include <linux/percpu.h>
#include <linux/spinlock.h>

typedef struct { int __none; } local_lock_t;
#define INIT_LOCAL_LOCK(name) { 0 }
#define local_lock_init(l) ((void)(l))
#define local_lock(l) ((void)(l))
#define local_unlock(l) ((void)(l))
#define local_lock_irq(l) ((void)(l))
#define local_unlock_irq(l) ((void)(l))
#define local_lock_irqsave(l, flags) ((void)(l), (void)((flags) = 0))
#define local_unlock_irqrestore(l, flags) ((void)(l), (void)(flags))
#define local_trylock(l) ((void)(l), 1)

#endif
