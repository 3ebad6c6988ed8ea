#ifndef __SHIM_LINUX_MODULE_H
#define __SHIM_LINUX_MODULE_H

#include <linux/init.h>

#define THIS_MODULE ((void *)0)
#define MODULE_LICENSE(s)
#define MODULE_AUTHOR(s)
#define MODULE_DESCRIPTION(s)
#define MODULE_ALIAS(s)
#define MODULE_VERSION(s)
#define MODULE_SOFTDEP(s)
#define MODULE_FIRMWARE(s)
#define MODULE_INFO(tag, s)
#define MODULE_IMPORT_NS(ns)
#define MODULE_ALIAS_CRYPTO(s)
#define MODULE_ALIAS_MISCDEV(n)
#define MODULE_PARM_DESC(name, s)
#define MODULE_DEVICE_TABLE(bus, name)
#define try_module_get(m) ((void)(m), true)
#define module_put(m) ((void)(m))
#define __module_get(m) ((void)(m))

#endif
