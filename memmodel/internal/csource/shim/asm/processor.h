#ifndef __SHIM_ASM_PROCESSOR_H
#define __SHIM_ASM_PROCESSOR_H

#include <linux/kernel.h>

#endif
