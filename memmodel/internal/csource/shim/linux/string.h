#ifndef __SHIM_LINUX_STRING_H
#define __SHIM_LINUX_STRING_H

#include <string.h>

#endif
