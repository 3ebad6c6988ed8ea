#ifndef __SHIM_LINUX_UIO_H
#define __SHIM_LINUX_UIO_H

#include <linux/mm.h>

#endif
