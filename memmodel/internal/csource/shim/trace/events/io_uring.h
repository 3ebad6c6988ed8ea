#ifndef __SHIM_TRACE_EVENTS_IO_URING_H
#define __SHIM_TRACE_EVENTS_IO_URING_H

#include <linux/kernel.h>

#define trace_io_uring_complete(...) ((void)0)
#define trace_io_uring_cqe_overflow(...) ((void)0)

#endif
