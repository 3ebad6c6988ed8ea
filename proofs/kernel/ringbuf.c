/* kernel/bpf/ringbuf.c: records that BPF programs fill, for a process. */
#include "bpf.h"
#include "kernel/bpf/ringbuf.c"
#include <crosscall.h>

/* A process that finds a record without the busy bit finds what was written to it, and
 * takes records in the order in which they were reserved. */
static struct {
	struct bpf_ringbuf rb;
	struct { struct bpf_ringbuf_hdr hdr; u64 data; } records[4];
} mem = { .rb.mask = 63 };
static int woken;

bool irq_work_queue(struct irq_work *work) { WRITE_ONCE(woken, 1); return true; }

static void produce(u64 value)
{
	u64 *data = __bpf_ringbuf_reserve(&mem.rb, 8);

	if (!data)
		return;
	WRITE_ONCE(*data, value);
	bpf_ringbuf_commit(data, 0, false);
}

void P0(void) { produce(7); }
#ifdef TWO
void P2(void) { produce(7); }
#endif

/* What libbpf does. */
void P1(void)
{
	unsigned long pos = 0, end = smp_load_acquire(&mem.rb.producer_pos);

	for (int i = 0; i < 2 && pos < end; i++) {
		u32 len = smp_load_acquire(&mem.records[i].hdr.len);

		if (len & BPF_RINGBUF_BUSY_BIT)
			break;
		assert(len == 8 && READ_ONCE(mem.records[i].data) == 7);
		pos += 16;
		smp_store_release(&mem.rb.consumer_pos, pos);
	}
}
