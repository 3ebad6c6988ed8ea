#ifndef __SHIM_LINUX_FS_H
#define __SHIM_LINUX_FS_H

#include <linux/kernel.h>

typedef int __kernel_rwf_t;
struct file;
struct inode;

#endif
