#ifndef __SHIM_ASM_SPINLOCK_TYPES_H
#define __SHIM_ASM_SPINLOCK_TYPES_H

#include <linux/spinlock.h>

#endif
