#ifndef __SHIM_UNISTD_H
#define __SHIM_UNISTD_H

static inline unsigned sleep(unsigned seconds) { return 0; }
static inline int usleep(unsigned microseconds) { return 0; }

#endif
