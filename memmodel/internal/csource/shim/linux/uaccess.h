#ifndef __SHIM_LINUX_UACCESS_H
#define __SHIM_LINUX_UACCESS_H

#include <linux/kernel.h>
/* Memory of user space is memory like other; an access to it may fail. */
#define copy_from_user(to, from, n) ({ unsigned long __user_size = (n), __left = choose(2) ? __user_size : 0; if (!__left) __cc_copy((to), (from), __user_size); __left; })
#define copy_to_user(to, from, n) ({ unsigned long __user_size = (n), __left = choose(2) ? __user_size : 0; if (!__left) __cc_copy((to), (from), __user_size); __left; })
#define get_user(x, p) ({ int __bad = choose(2) ? -EFAULT : 0; if (!__bad) (x) = READ_ONCE(*(p)); __bad; })
#define put_user(x, p) ({ int __bad = choose(2) ? -EFAULT : 0; if (!__bad) WRITE_ONCE(*(p), (x)); __bad; })
#define access_ok(p, n) ((void)(p), 1)

#endif
