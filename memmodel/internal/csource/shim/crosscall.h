#ifndef __SHIM_CROSSCALL_H
#define __SHIM_CROSSCALL_H

/* The harness: what a program says to the checker. */

/* assert(e) has to hold in every execution. */
#undef assert
#define assert(e) __cc_assert(!!(e))

/* Some execution has to come to cover(), or to cover(e) where e is so. If none does, the
   verdict is "vacuous". */
#define cover(...) __cc_cover("", ##__VA_ARGS__)

/* In a loop, idle() says that waiting there forever is fine. */
#define idle() __cc_idle()

/* choose(n) is any of 0 to n-1. */
#define choose(n) __cc_choose(n)

/* assume(e) leaves out the executions in which e is not so. */
#define assume(e) __cc_assume(!!(e))

#endif
