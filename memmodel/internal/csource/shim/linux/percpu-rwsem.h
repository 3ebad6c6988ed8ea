#ifndef __SHIM_LINUX_PERCPU_RWSEM_H
#define __SHIM_LINUX_PERCPU_RWSEM_H

/* The order and the exclusion of a percpu_rw_semaphore, which are those of a
 * rw_semaphore; its counters and grace periods are in the kernel's own file. */
#include <linux/rwsem.h>

struct percpu_rw_semaphore { struct rw_semaphore __sem; };
#define DEFINE_PERCPU_RWSEM(name) struct percpu_rw_semaphore name
#define DEFINE_STATIC_PERCPU_RWSEM(name) static struct percpu_rw_semaphore name
#define percpu_init_rwsem(s) ({ init_rwsem(&(s)->__sem); 0; })
#define percpu_free_rwsem(s) ((void)(s))
#define percpu_down_read(s) down_read(&(s)->__sem)
#define percpu_down_read_trylock(s) down_read_trylock(&(s)->__sem)
#define percpu_up_read(s) up_read(&(s)->__sem)
#define percpu_down_write(s) down_write(&(s)->__sem)
#define percpu_up_write(s) up_write(&(s)->__sem)
#define percpu_is_write_locked(s) rwsem_is_locked(&(s)->__sem)
#define percpu_rwsem_assert_held(s) ((void)(s))

#endif
