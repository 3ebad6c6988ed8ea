#ifndef __SHIM_LINUX_STDDEF_H
#define __SHIM_LINUX_STDDEF_H

#include <stddef.h>

#endif
