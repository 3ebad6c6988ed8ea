#ifndef __SHIM_LINUX_RANDOM_H
#define __SHIM_LINUX_RANDOM_H

#include <linux/kernel.h>

/* Any number below n: the first and the last of them. */
#define prandom_u32_max(n) (choose(2) ? (u32)(n) - 1 : 0)
#define get_random_u32_below(n) prandom_u32_max(n)

#endif
