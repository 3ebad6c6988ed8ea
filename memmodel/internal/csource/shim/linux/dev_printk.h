#ifndef __SHIM_LINUX_DEV_PRINTK_H
#define __SHIM_LINUX_DEV_PRINTK_H

#include <linux/printk.h>
#include <stdarg.h>

#define PRINTK_INFO_SUBSYSTEM_LEN 16
#define PRINTK_INFO_DEVICE_LEN 48
struct dev_printk_info {
	char subsystem[PRINTK_INFO_SUBSYSTEM_LEN];
	char device[PRINTK_INFO_DEVICE_LEN];
};

#define dev_printk(level, dev, ...) ((void)(dev), printk(__VA_ARGS__))
#define dev_emerg(dev, ...) ((void)(dev), printk(__VA_ARGS__))
#define dev_alert(...) dev_emerg(__VA_ARGS__)
#define dev_crit(...) dev_emerg(__VA_ARGS__)
#define dev_err(...) dev_emerg(__VA_ARGS__)
#define dev_warn(...) dev_emerg(__VA_ARGS__)
#define dev_notice(...) dev_emerg(__VA_ARGS__)
#define dev_info(...) dev_emerg(__VA_ARGS__)
#define dev_dbg(...) dev_emerg(__VA_ARGS__)
#define dev_vdbg(...) dev_emerg(__VA_ARGS__)
#define dev_err_once(...) dev_emerg(__VA_ARGS__)
#define dev_warn_once(...) dev_emerg(__VA_ARGS__)
#define dev_err_ratelimited(...) dev_emerg(__VA_ARGS__)
#define dev_warn_ratelimited(...) dev_emerg(__VA_ARGS__)
#define dev_WARN(dev, ...) WARN(1, __VA_ARGS__)
#define dev_WARN_ONCE(dev, cond, ...) WARN_ONCE(cond, __VA_ARGS__)

#endif
