#ifndef __SHIM_LINUX_XARRAY_H
#define __SHIM_LINUX_XARRAY_H

#include <linux/spinlock.h>

struct xarray { spinlock_t xa_lock; void *xa_head; };

#endif
