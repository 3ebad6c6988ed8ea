#ifndef __SHIM_LINUX_STATIC_CALL_H
#define __SHIM_LINUX_STATIC_CALL_H

/* A call that the kernel patches into the code is a pointer here. */
#include <linux/compiler.h>

#define STATIC_CALL_NAME(name) __static_call_##name
#define DEFINE_STATIC_CALL(name, f) __typeof__(&(f)) STATIC_CALL_NAME(name) = (f)
#define DEFINE_STATIC_CALL_NULL(name, f) __typeof__(&(f)) STATIC_CALL_NAME(name)
#define DECLARE_STATIC_CALL(name, f) extern __typeof__(&(f)) STATIC_CALL_NAME(name)
#define static_call(name) (*READ_ONCE(STATIC_CALL_NAME(name)))
#define static_call_update(name, f) WRITE_ONCE(STATIC_CALL_NAME(name), (f))

#endif
