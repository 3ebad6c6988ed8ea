#ifndef __SHIM_LINUX_MM_TYPES_H
#define __SHIM_LINUX_MM_TYPES_H

#include <linux/kernel.h>

struct page;
struct folio;
struct mm_struct;
struct vm_area_struct;

#endif
