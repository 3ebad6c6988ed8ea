#ifndef __SHIM_LINUX_KASAN_H
#define __SHIM_LINUX_KASAN_H

#define kasan_record_aux_stack(p) ((void)(p))
#define kasan_record_aux_stack_noalloc(p) ((void)(p))

#endif
