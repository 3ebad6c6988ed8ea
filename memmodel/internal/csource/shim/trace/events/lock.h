#ifndef __SHIM_TRACE_EVENTS_LOCK_H
#define __SHIM_TRACE_EVENTS_LOCK_H

#include <linux/kernel.h>

#define trace_contention_begin(...) ((void)0)
#define trace_contention_end(...) ((void)0)

#endif
