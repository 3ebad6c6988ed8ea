#ifndef __SHIM_ASM_MCS_SPINLOCK_H
#define __SHIM_ASM_MCS_SPINLOCK_H

#include <linux/kernel.h>

#endif
