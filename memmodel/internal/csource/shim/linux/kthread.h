#ifndef __SHIM_LINUX_KTHREAD_H
#define __SHIM_LINUX_KTHREAD_H

#include <linux/sched.h>
#include <linux/bitops.h>

#define kthread_should_stop() test_bit(0, &current->should)
#define kthread_should_park() test_bit(1, &current->should)
#define kthread_stop(t) ({ set_bit(0, &(t)->should); wake_up_process(t); 0; })
#define kthread_run(...) __cc_unsupported("kthread_run is not supported: threads are P0, P1 ...")

#endif
