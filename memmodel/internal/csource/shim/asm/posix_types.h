#ifndef __SHIM_ASM_POSIX_TYPES_H
#define __SHIM_ASM_POSIX_TYPES_H

#include <linux/posix_types.h>

#endif
