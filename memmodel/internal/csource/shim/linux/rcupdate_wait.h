#ifndef __SHIM_LINUX_RCUPDATE_WAIT_H
#define __SHIM_LINUX_RCUPDATE_WAIT_H

#include <linux/rcupdate.h>

#endif
