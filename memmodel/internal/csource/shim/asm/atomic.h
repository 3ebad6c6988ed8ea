#ifndef __SHIM_ASM_ATOMIC_H
#define __SHIM_ASM_ATOMIC_H

#include <linux/atomic.h>

#endif
