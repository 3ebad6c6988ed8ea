#ifndef __SHIM_LINUX_INIT_H
#define __SHIM_LINUX_INIT_H

#include <linux/kernel.h>

/* What is run when the kernel starts is not run here: a harness calls what it needs. */
#define early_initcall(f)
#define pure_initcall(f)
#define core_initcall(f)
#define postcore_initcall(f)
#define arch_initcall(f)
#define subsys_initcall(f)
#define fs_initcall(f)
#define device_initcall(f)
#define late_initcall(f)
#define __initcall(f)
#define __setup(s, f)
#define early_param(s, f)
#define module_init(f)
#define module_exit(f)
#define module_param(name, type, mode)
#define module_param_named(name, value, type, mode)
#define module_param_unsafe(name, type, mode)
#define module_param_named_unsafe(name, value, type, mode)
#define module_param_string(name, string, len, mode)
#define module_param_array(name, type, nump, mode)
#define module_param_array_named(name, array, type, nump, mode)
#define module_param_call(name, set, get, arg, mode)
#define module_param_cb(name, ops, arg, mode)
#define module_param_hw_array(name, type, hwtype, nump, mode)
#define core_param(name, value, type, mode)
#define core_param_cb(name, ops, arg, mode)
#define rootfs_initcall(f)
#define console_initcall(f)
#define subsys_initcall_sync(f)
#define late_initcall_sync(f)
#define core_initcall_sync(f)
#define postcore_initcall_sync(f)
#define arch_initcall_sync(f)
#define fs_initcall_sync(f)
#define device_initcall_sync(f)

#endif
