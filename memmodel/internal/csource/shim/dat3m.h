#ifndef __SHIM_DAT3M_H
#define __SHIM_DAT3M_H

/* What programs for Dat3M use. Loops end by themselves here, and those that spin are
 * found. */
#include <genmc.h>
#include <limits.h>
#include <stdlib.h>

extern int __VERIFIER_nondet_int(void);
extern unsigned int __VERIFIER_nondet_uint(void);
extern _Bool __VERIFIER_nondet_bool(void);
extern void __VERIFIER_loop_bound(int);
#define __VERIFIER_assert(e) __cc_assert(!!(e))
#define __VERIFIER_tid() ((unsigned int)(__cc_self() + 1))
#define await_while(cond) while (cond)

#endif
