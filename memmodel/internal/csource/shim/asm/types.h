#ifndef __SHIM_ASM_TYPES_H
#define __SHIM_ASM_TYPES_H

#include <linux/types.h>

#endif
