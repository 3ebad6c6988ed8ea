#ifndef __SHIM_LINUX_ERR_H
#define __SHIM_LINUX_ERR_H

#include <linux/types.h>
#include <errno.h>

#define MAX_ERRNO 4095
#define IS_ERR_VALUE(x) ((unsigned long)(x) >= (unsigned long)-MAX_ERRNO)
#define ERR_PTR(e) ((void *)(long)(e))
#define PTR_ERR(p) ((long)(p))
#define ERR_CAST(p) ((void *)(p))
#define IS_ERR(p) IS_ERR_VALUE(p)
#define IS_ERR_OR_NULL(p) ({ const void *__err_p = (p); !__err_p || IS_ERR_VALUE(__err_p); })
#define PTR_ERR_OR_ZERO(p) ({ const void *__err_p = (p); IS_ERR_VALUE(__err_p) ? (int)PTR_ERR(__err_p) : 0; })

#endif
