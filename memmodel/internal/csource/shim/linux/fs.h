#ifndef __SHIM_LINUX_FS_H
#define __SHIM_LINUX_FS_H

#include <linux/kernel.h>
#include <linux/shrinker.h>
#include <linux/wait_bit.h>

typedef int __kernel_rwf_t;
struct file;
struct inode;

#endif
