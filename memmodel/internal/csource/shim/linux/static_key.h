#ifndef __SHIM_LINUX_STATIC_KEY_H
#define __SHIM_LINUX_STATIC_KEY_H

#include <linux/jump_label.h>

#endif
