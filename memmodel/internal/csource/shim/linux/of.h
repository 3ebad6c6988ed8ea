#ifndef __SHIM_LINUX_OF_H
#define __SHIM_LINUX_OF_H

#include <linux/mm.h>

#endif
