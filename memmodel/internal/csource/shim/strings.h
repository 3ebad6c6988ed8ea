#ifndef __SHIM_STRINGS_H
#define __SHIM_STRINGS_H

#include <string.h>

static inline int __strings_ffs(unsigned long x) { return x ? __cc_ctz(x) + 1 : 0; }
#ifndef ffs
#define ffs(x) __strings_ffs((unsigned int)(x))
#endif
#define ffsl(x) __strings_ffs(x)
#define ffsll(x) __strings_ffs(x)

#endif
