#ifndef __SHIM_LINUX_BLKDEV_H
#define __SHIM_LINUX_BLKDEV_H

#include <linux/completion.h>
#include <linux/mutex.h>
#include <linux/percpu-refcount.h>
#include <linux/percpu_counter.h>
#include <linux/rcupdate.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

struct blk_plug { void *none; };

#endif
