#ifndef __SHIM_LINUX_POSIX_TYPES_H
#define __SHIM_LINUX_POSIX_TYPES_H

/* The types of system calls. */
typedef long __kernel_long_t, __kernel_ssize_t, __kernel_ptrdiff_t, __kernel_off_t, __kernel_old_time_t, __kernel_clock_t, __kernel_suseconds_t;
typedef unsigned long __kernel_ulong_t, __kernel_size_t, __kernel_ino_t;
typedef unsigned int __kernel_mode_t, __kernel_uid_t, __kernel_gid_t, __kernel_uid32_t, __kernel_gid32_t, __kernel_old_dev_t;
typedef int __kernel_pid_t, __kernel_ipc_pid_t, __kernel_daddr_t, __kernel_timer_t, __kernel_clockid_t, __kernel_key_t, __kernel_mqd_t;
typedef long long __kernel_loff_t, __kernel_time64_t;
typedef char *__kernel_caddr_t;
typedef unsigned short __kernel_uid16_t, __kernel_gid16_t, __kernel_sa_family_t;
typedef struct { int val[2]; } __kernel_fsid_t;

#endif
