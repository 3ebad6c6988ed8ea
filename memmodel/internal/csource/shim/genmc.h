#ifndef __SHIM_GENMC_H
#define __SHIM_GENMC_H

/* What programs for GenMC use beside C11 and pthreads. Hints of how to explore
 * are not needed; persistent memory and hazard pointers are not supported. */
#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>

#define __VERIFIER_assume(e) __cc_assume(!!(e))
#define __VERIFIER_loop_begin() ((void)0)
#define __VERIFIER_spin_start() ((void)0)
#define __VERIFIER_spin_end(e) ((void)(e))
#define __VERIFIER_local_write(s) do { s; } while (0)
#define __VERIFIER_final_write(s) do { s; } while (0)
#define __VERIFIER_helped_CAS(c) do { c; } while (0)
#define __VERIFIER_helping_CAS(c) do { c; } while (0)
#define __VERIFIER_speculative_read(c) (c)
#define __VERIFIER_confirming_read(c) (c)
#define __VERIFIER_confirming_CAS(c) (c)
#define __VERIFIER_final_CAS(c) (c)
#define __VERIFIER_optional(x) ((void)0)

typedef long __VERIFIER_thread_t;
#define __VERIFIER_spawn(f, arg) __cc_create((f), (void *)(arg))
#define __VERIFIER_spawn_symmetric(f, arg, t) __cc_create((f), (void *)(arg))
#define __VERIFIER_join(t) __cc_join((t), 0)
#define __VERIFIER_join_symmetric(t) __cc_join((t), 0)

#endif
