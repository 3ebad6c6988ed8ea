#ifndef __SHIM_LINUX_ONCE_H
#define __SHIM_LINUX_ONCE_H

/* The function runs once, under a lock. That later calls do not look is left out: code is
 * changed then, which orders as the lock does. */
#include <linux/kernel.h>
#include <linux/spinlock.h>
#include <linux/random.h>

static DEFINE_SPINLOCK(__once_lock);
#define DO_ONCE(f, ...) ({ static bool __once_done; bool __once_now; \
	spin_lock(&__once_lock); \
	if ((__once_now = !__once_done)) { f(__VA_ARGS__); __once_done = true; } \
	spin_unlock(&__once_lock); \
	__once_now; })
#define DO_ONCE_SLEEPABLE(f, ...) DO_ONCE(f, __VA_ARGS__)

#endif
