#ifndef __SHIM_LINUX_MM_TYPES_H
#define __SHIM_LINUX_MM_TYPES_H

#include <linux/kernel.h>

struct page;
struct folio;
struct mm_struct;
struct vm_area_struct;

typedef struct { unsigned long val; } swp_entry_t;
typedef unsigned int vm_fault_t;
typedef unsigned long vm_flags_t;

#endif
