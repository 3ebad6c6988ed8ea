#ifndef __SHIM_LKMM_H
#define __SHIM_LKMM_H

/* The kernel's primitives under the name that GenMC has for them. */
#include <linux/atomic.h>
#include <linux/spinlock.h>
#include <linux/rcupdate.h>

#endif
