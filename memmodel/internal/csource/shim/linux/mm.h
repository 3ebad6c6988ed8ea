#ifndef __SHIM_LINUX_MM_H
#define __SHIM_LINUX_MM_H

#include <linux/mm_types.h>
#include <asm/page.h>

#endif
