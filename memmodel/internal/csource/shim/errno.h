#ifndef __SHIM_ERRNO_H
#define __SHIM_ERRNO_H

#define EPERM 1
#define ENOENT 2
#define EAGAIN 11
#define ENOMEM 12
#define EBUSY 16
#define EINVAL 22
#define ENXIO 6
#define EDEADLK 35
#define ETIMEDOUT 110
#define ESRCH 3
#define EINTR 4
#define EIO 5
#define E2BIG 7
#define EBADF 9
#define EACCES 13
#define EFAULT 14
#define EEXIST 17
#define ENODEV 19
#define ENFILE 23
#define EMFILE 24
#define EFBIG 27
#define ENOSPC 28
#define EPIPE 32
#define EDOM 33
#define ERANGE 34
#define ENOSYS 38
#define EOVERFLOW 75
#define EMSGSIZE 90
#define EOPNOTSUPP 95
#define EALREADY 114
#define EINPROGRESS 115
#define ETIME 62
#define ESTALE 116
#define ECANCELED 125
#define ERESTARTSYS 512
#define ERESTARTNOINTR 513
#define ERESTARTNOHAND 514
#define ERESTART_RESTARTBLOCK 516
#define EIOCBQUEUED 529

static _Thread_local int __errno;
static inline int *__errno_location(void) { return &__errno; }
#define errno __errno

#endif
