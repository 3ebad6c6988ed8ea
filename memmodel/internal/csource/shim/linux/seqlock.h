#ifndef __SHIM_LINUX_SEQLOCK_H
#define __SHIM_LINUX_SEQLOCK_H

/* Readers that look at the number of the writer's section before and after:
 * Linux's include/linux/seqlock.h. It is odd within a section. */
#include <linux/spinlock.h>
#include <linux/mutex.h>

typedef struct seqcount { unsigned int sequence; } seqcount_t;
typedef struct { unsigned int sequence; } seqcount_spinlock_t;
typedef struct { unsigned int sequence; } seqcount_raw_spinlock_t;
typedef struct { unsigned int sequence; } seqcount_mutex_t;
typedef struct { unsigned int sequence; } seqcount_latch_t;
#define SEQCNT_ZERO(name) { 0 }
#define SEQCNT_SPINLOCK_ZERO(name, l) { 0 }
#define SEQCNT_MUTEX_ZERO(name, l) { 0 }
#define SEQCNT_LATCH_ZERO(name) { 0 }
#define seqcount_init(s) WRITE_ONCE((s)->sequence, 0)
#define seqcount_spinlock_init(s, l) seqcount_init(s)
#define seqcount_raw_spinlock_init(s, l) seqcount_init(s)
#define seqcount_mutex_init(s, l) seqcount_init(s)
#define seqcount_latch_init(s) seqcount_init(s)

/* An acquire: what the section of the reader reads comes after it. */
#define read_seqcount_begin(s) ({ \
	unsigned int __seq; \
	while ((__seq = smp_load_acquire(&(s)->sequence)) & 1) \
		cpu_relax(); \
	__seq; })
#define __read_seqcount_begin(s) read_seqcount_begin(s)
#define raw_read_seqcount_begin(s) read_seqcount_begin(s)
#define raw_read_seqcount(s) smp_load_acquire(&(s)->sequence)
#define raw_seqcount_begin(s) (smp_load_acquire(&(s)->sequence) & ~1)
#define __read_seqcount_retry(s, start) (READ_ONCE((s)->sequence) != (start))
#define read_seqcount_retry(s, start) ({ smp_rmb(); __read_seqcount_retry(s, start); })

#define __seq_step(s) do { __typeof__(&*(s)) __stepped = (s); WRITE_ONCE(__stepped->sequence, READ_ONCE(__stepped->sequence) + 1); } while (0)
#define write_seqcount_begin(s) do { __seq_step(s); smp_wmb(); } while (0)
#define write_seqcount_end(s) do { smp_wmb(); __seq_step(s); } while (0)
#define raw_write_seqcount_begin(s) write_seqcount_begin(s)
#define raw_write_seqcount_end(s) write_seqcount_end(s)
#define write_seqcount_begin_nested(s, c) write_seqcount_begin(s)
#define raw_write_seqcount_barrier(s) do { __seq_step(s); smp_wmb(); __seq_step(s); } while (0)
#define write_seqcount_invalidate(s) do { smp_wmb(); WRITE_ONCE((s)->sequence, READ_ONCE((s)->sequence) + 2); } while (0)

/* Two copies, of which readers take the one that is not written. */
#define raw_write_seqcount_latch(s) do { smp_wmb(); __seq_step(s); smp_wmb(); } while (0)
#define write_seqcount_latch_begin(s) raw_write_seqcount_latch(s)
#define write_seqcount_latch(s) raw_write_seqcount_latch(s)
#define write_seqcount_latch_end(s) ((void)(s))
#define raw_read_seqcount_latch(s) READ_ONCE((s)->sequence)
#define read_seqcount_latch(s) raw_read_seqcount_latch(s)
#define read_seqcount_latch_retry(s, start) read_seqcount_retry(s, start)
#define raw_read_seqcount_latch_retry(s, start) read_seqcount_retry(s, start)

typedef struct { seqcount_t seqcount; spinlock_t lock; } seqlock_t;
#define __SEQLOCK_UNLOCKED(name) { { 0 }, { 0 } }
#define DEFINE_SEQLOCK(name) seqlock_t name
#define seqlock_init(s) seqcount_init(&(s)->seqcount)
#define read_seqbegin(s) read_seqcount_begin(&(s)->seqcount)
#define read_seqretry(s, start) read_seqcount_retry(&(s)->seqcount, start)
#define write_seqlock(s) do { seqlock_t *__seq_lock = (s); spin_lock(&__seq_lock->lock); write_seqcount_begin(&__seq_lock->seqcount); } while (0)
#define write_sequnlock(s) do { seqlock_t *__seq_lock = (s); write_seqcount_end(&__seq_lock->seqcount); spin_unlock(&__seq_lock->lock); } while (0)
#define write_seqlock_bh(s) write_seqlock(s)
#define write_sequnlock_bh(s) write_sequnlock(s)
#define write_seqlock_irq(s) write_seqlock(s)
#define write_sequnlock_irq(s) write_sequnlock(s)
#define write_seqlock_irqsave(s, flags) do { (flags) = 0; write_seqlock(s); } while (0)
#define write_sequnlock_irqrestore(s, flags) do { (void)(flags); write_sequnlock(s); } while (0)
#define write_tryseqlock(s) ({ seqlock_t *__seq_lock = (s); int __seq_got = spin_trylock(&__seq_lock->lock); if (__seq_got) write_seqcount_begin(&__seq_lock->seqcount); __seq_got; })
#define read_seqlock_excl(s) spin_lock(&(s)->lock)
#define read_sequnlock_excl(s) spin_unlock(&(s)->lock)
/* Without a lock at first; with one where *seq is odd. */
#define read_seqbegin_or_lock(s, seq) do { int *__seq_at = (seq); if (!(*__seq_at & 1)) *__seq_at = read_seqbegin(s); else read_seqlock_excl(s); } while (0)
#define need_seqretry(s, seq) (!((seq) & 1) && read_seqretry(s, seq))
#define done_seqretry(s, seq) do { if ((seq) & 1) read_sequnlock_excl(s); } while (0)

#endif
