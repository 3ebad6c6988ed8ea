#ifndef __SHIM_LINUX_RCUTREE_H
#define __SHIM_LINUX_RCUTREE_H

#include <linux/rcupdate.h>

#endif
