#ifndef __SHIM_LINUX_NOSPEC_H
#define __SHIM_LINUX_NOSPEC_H

#define barrier_nospec() ((void)0)
#define array_index_nospec(i, n) ((i) < (n) ? (i) : 0)

#endif
