#ifndef __SHIM_LINUX_KPROBES_H
#define __SHIM_LINUX_KPROBES_H

/* Functions are not traced. */
#define NOKPROBE_SYMBOL(f)
#define __kprobes
#define nokprobe_inline inline

#endif
