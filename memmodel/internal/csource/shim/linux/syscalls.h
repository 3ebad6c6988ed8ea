#ifndef __SHIM_LINUX_SYSCALLS_H
#define __SHIM_LINUX_SYSCALLS_H

/* A system call is a function __do_sys_NAME. */
#include <linux/kernel.h>

#define SYSCALL_DEFINE0(name) static long __do_sys_##name(void)
#define SYSCALL_DEFINE1(name, t, a) static long __do_sys_##name(t a)
#define SYSCALL_DEFINE2(name, t, a, u, b) static long __do_sys_##name(t a, u b)
#define SYSCALL_DEFINE3(name, t, a, u, b, v, c) static long __do_sys_##name(t a, u b, v c)
#define SYSCALL_DEFINE4(name, t, a, u, b, v, c, w, d) static long __do_sys_##name(t a, u b, v c, w d)
#define SYSCALL_DEFINE5(name, t, a, u, b, v, c, w, d, x, e) static long __do_sys_##name(t a, u b, v c, w d, x e)
#define SYSCALL_DEFINE6(name, t, a, u, b, v, c, w, d, x, e, y, f) static long __do_sys_##name(t a, u b, v c, w d, x e, y f)

#endif
