#ifndef __SHIM_UNISTD_H
#define __SHIM_UNISTD_H

#include <stdlib.h>
#include <sys/types.h>

static inline unsigned sleep(unsigned seconds) { return 0; }
static inline int usleep(unsigned microseconds) { return 0; }

static inline int getpid(void) { return 1; }
#define _exit(n) exit(n)
#define write(f, p, n) ((void)(p), (ssize_t)(n))
#define STDIN_FILENO 0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2
#define _SC_NPROCESSORS_ONLN 84
static inline long sysconf(int name) { return 2; }

#endif
