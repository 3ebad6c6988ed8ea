#ifndef __SHIM_LINUX_PARAM_H
#define __SHIM_LINUX_PARAM_H

#define HZ 250

#endif
