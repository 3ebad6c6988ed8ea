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

#endif
