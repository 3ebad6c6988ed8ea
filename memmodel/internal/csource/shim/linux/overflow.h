#ifndef __SHIM_LINUX_OVERFLOW_H
#define __SHIM_LINUX_OVERFLOW_H

#include <linux/kernel.h>

/* Sizes here are constants, so that none overflows. */
#define array_size(n, m) ((n) * (m))
#define size_mul(n, m) ((n) * (m))
#define size_add(n, m) ((n) + (m))
#define flex_array_size(p, member, n) ((n) * sizeof(*(p)->member))
#define struct_size(p, member, n) (sizeof(*(p)) + (n) * sizeof(*(p)->member))
#define struct_size_t(type, member, n) (sizeof(type) + (n) * sizeof(*((type *)0)->member))

#endif
