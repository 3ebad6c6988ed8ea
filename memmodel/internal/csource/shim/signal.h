#ifndef __SHIM_SIGNAL_H
#define __SHIM_SIGNAL_H

/* No signal comes: those that are ignored, or blocked, change nothing. */
#include <stddef.h>
#include <sys/types.h>

typedef int sig_atomic_t;
typedef unsigned long sigset_t;
typedef void (*__sighandler_t)(int);
#define SIG_DFL ((__sighandler_t)0)
#define SIG_IGN ((__sighandler_t)1)
#define SIG_ERR ((__sighandler_t)-1)
enum { SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK };
#define SIGHUP 1
#define SIGINT 2
#define SIGQUIT 3
#define SIGABRT 6
#define SIGFPE 8
#define SIGKILL 9
#define SIGUSR1 10
#define SIGSEGV 11
#define SIGUSR2 12
#define SIGPIPE 13
#define SIGALRM 14
#define SIGTERM 15
#define SIGCHLD 17
#define SA_RESTART 0x10000000
struct sigaction { __sighandler_t sa_handler; sigset_t sa_mask; int sa_flags; };

#define __NO_SIGNALS(what) __cc_unsupported(what " is not supported: no handler of a signal is run here. Write it as a thread, or leave it out")
#define signal(s, h) ((h) == SIG_IGN || (h) == SIG_DFL ? (h) : (__NO_SIGNALS("signal"), SIG_ERR))
#define sigaction(s, a, old) (__NO_SIGNALS("sigaction"), -1)
#define raise(s) (__NO_SIGNALS("raise"), -1)
#define kill(p, s) (__NO_SIGNALS("kill"), -1)
#define pthread_kill(t, s) (__NO_SIGNALS("pthread_kill"), -1)
#define sigwait(m, s) (__NO_SIGNALS("sigwait"), -1)
#define alarm(n) (__NO_SIGNALS("alarm"), 0)
#define sigemptyset(m) (*(m) = 0, 0)
#define sigfillset(m) (*(m) = ~0UL, 0)
#define sigaddset(m, s) (*(m) |= 1UL << (s), 0)
#define sigdelset(m, s) (*(m) &= ~(1UL << (s)), 0)
#define sigprocmask(how, m, old) ((void)(m), 0)
#define pthread_sigmask(how, m, old) ((void)(m), 0)

#endif
