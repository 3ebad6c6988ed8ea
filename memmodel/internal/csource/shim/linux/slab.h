#ifndef __SHIM_LINUX_SLAB_H
#define __SHIM_LINUX_SLAB_H

#include <linux/types.h>

#define GFP_KERNEL 0
#define GFP_ATOMIC 1
#define kmalloc(n, gfp) __cc_alloc((n), 0)
#define kzalloc(n, gfp) __cc_alloc((n), 1)
#define kcalloc(n, m, gfp) __cc_alloc((n) * (m), 1)
#define kfree(p) __cc_free(p)

#endif
