#ifndef __SHIM_LINUX_WORKQUEUE_H
#define __SHIM_LINUX_WORKQUEUE_H

#include <linux/completion.h>
#include <linux/list.h>

/* Work that is queued is not run here: who needs it calls it. */
struct work_struct;
typedef void (*work_func_t)(struct work_struct *work);
struct work_struct { work_func_t func; };
struct delayed_work { struct work_struct work; };
struct workqueue_struct { int __none; };

#endif
