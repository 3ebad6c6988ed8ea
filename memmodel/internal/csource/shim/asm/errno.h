#ifndef __SHIM_ASM_ERRNO_H
#define __SHIM_ASM_ERRNO_H

#include <linux/errno.h>

#endif
