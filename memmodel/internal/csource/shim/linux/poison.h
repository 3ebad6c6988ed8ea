#ifndef __SHIM_LINUX_POISON_H
#define __SHIM_LINUX_POISON_H

#define LIST_POISON1 ((void *)0x100)
#define LIST_POISON2 ((void *)0x200)

#endif
