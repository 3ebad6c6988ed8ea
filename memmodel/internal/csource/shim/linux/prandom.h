#ifndef __SHIM_LINUX_PRANDOM_H
#define __SHIM_LINUX_PRANDOM_H

#include <linux/random.h>

#endif
