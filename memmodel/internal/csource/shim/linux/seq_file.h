#ifndef __SHIM_LINUX_SEQ_FILE_H
#define __SHIM_LINUX_SEQ_FILE_H

#include <linux/kernel.h>

#endif
