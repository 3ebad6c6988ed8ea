#ifndef __SHIM_UNISTD_H
#define __SHIM_UNISTD_H

#include <stdlib.h>
#include <sys/types.h>

static inline unsigned sleep(unsigned seconds) { return 0; }
static inline int usleep(unsigned microseconds) { return 0; }

static inline int getpid(void) { return 1; }
#define _exit(n) exit(n)

#endif
