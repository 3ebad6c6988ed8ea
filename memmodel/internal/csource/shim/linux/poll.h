#ifndef __SHIM_LINUX_POLL_H
#define __SHIM_LINUX_POLL_H

#include <linux/kernel.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/fs.h>

#define EPOLLIN 1u
#define EPOLLPRI 2u
#define EPOLLOUT 4u
#define EPOLLERR 8u
#define EPOLLHUP 16u
#define EPOLLRDNORM 64u
#define EPOLLWRNORM 256u

/* A poll that looks, and does not wait. */
typedef struct poll_table_struct { int unused; } poll_table;
#define poll_wait(file, q, p) ((void)(q), (void)(p))

#endif
