#ifndef __SHIM_LINUX_KMEMLEAK_H
#define __SHIM_LINUX_KMEMLEAK_H

#define kmemleak_not_leak(p) ((void)(p))
#define kmemleak_alloc(...) ((void)0)

#endif
