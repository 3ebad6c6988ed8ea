#ifndef __SHIM_LINUX_WRITEBACK_H
#define __SHIM_LINUX_WRITEBACK_H

#include <linux/mm.h>

#endif
