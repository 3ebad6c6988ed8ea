#ifndef __SHIM_LINUX_PAGEMAP_H
#define __SHIM_LINUX_PAGEMAP_H

#include <linux/mm.h>

#endif
