#ifndef __SHIM_LINUX_RCUPDATE_TRACE_H
#define __SHIM_LINUX_RCUPDATE_TRACE_H

#include <linux/rcupdate.h>

#endif
