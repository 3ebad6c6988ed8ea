#ifndef __SHIM_UNISTD_H
#define __SHIM_UNISTD_H

#define sleep(n) ((void)0)
#define usleep(n) ((void)0)

#endif
