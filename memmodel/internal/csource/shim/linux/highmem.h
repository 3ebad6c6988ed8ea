#ifndef __SHIM_LINUX_HIGHMEM_H
#define __SHIM_LINUX_HIGHMEM_H

#include <linux/mm.h>

#endif
