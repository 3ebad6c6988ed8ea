#ifndef __SHIM_ASM_CURRENT_H
#define __SHIM_ASM_CURRENT_H

#include <linux/sched.h>

#endif
