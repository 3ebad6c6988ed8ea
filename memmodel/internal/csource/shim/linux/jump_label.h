#ifndef __SHIM_LINUX_JUMP_LABEL_H
#define __SHIM_LINUX_JUMP_LABEL_H

/* A branch that the kernel patches into the code is a flag here. */
#include <linux/atomic.h>

struct static_key { atomic_t enabled; };
struct static_key_true { struct static_key key; };
struct static_key_false { struct static_key key; };
#define STATIC_KEY_INIT_TRUE { ATOMIC_INIT(1) }
#define STATIC_KEY_INIT_FALSE { ATOMIC_INIT(0) }
#define DEFINE_STATIC_KEY_TRUE(name) struct static_key_true name = { { ATOMIC_INIT(1) } }
#define DEFINE_STATIC_KEY_FALSE(name) struct static_key_false name
#define DEFINE_STATIC_KEY_TRUE_RO(name) DEFINE_STATIC_KEY_TRUE(name)
#define DEFINE_STATIC_KEY_FALSE_RO(name) DEFINE_STATIC_KEY_FALSE(name)
#define DECLARE_STATIC_KEY_TRUE(name) extern struct static_key_true name
#define DECLARE_STATIC_KEY_FALSE(name) extern struct static_key_false name
#define static_branch_likely(k) (atomic_read(&(k)->key.enabled) > 0)
#define static_branch_unlikely(k) (atomic_read(&(k)->key.enabled) > 0)
#define static_key_enabled(k) (atomic_read(&(k)->key.enabled) > 0)
#define static_branch_enable(k) atomic_set(&(k)->key.enabled, 1)
#define static_branch_disable(k) atomic_set(&(k)->key.enabled, 0)
#define static_branch_inc(k) ((void)atomic_inc_return(&(k)->key.enabled))
#define static_branch_dec(k) ((void)atomic_dec_return(&(k)->key.enabled))
#define static_key_false(k) (atomic_read(&(k)->enabled) > 0)
#define static_key_true(k) (atomic_read(&(k)->enabled) > 0)
#define static_key_slow_inc(k) ((void)atomic_inc_return(&(k)->enabled))
#define static_key_slow_dec(k) ((void)atomic_dec_return(&(k)->enabled))

#endif
