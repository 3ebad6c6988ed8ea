#ifndef __SHIM_LINUX_ERRNO_H
#define __SHIM_LINUX_ERRNO_H

#include <errno.h>

#endif
