#ifndef __SHIM_LINUX_FILE_H
#define __SHIM_LINUX_FILE_H

#include <linux/kernel.h>

struct file;
struct fd;

#endif
