#ifndef __SHIM_ALLOCA_H
#define __SHIM_ALLOCA_H

#define alloca(n) __builtin_alloca(n)

#endif
