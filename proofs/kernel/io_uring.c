/* io_uring/io_uring.h: the ring in which the kernel tells a process what has been done. */
#define NR_CPUS 2
#include "io_uring/io_uring.h"
#include <crosscall.h>

struct io_uring_cqe *__io_get_cqe(struct io_ring_ctx *ctx, bool overflow) { return NULL; }

/* A process that takes the tail for what is filled finds the entries whole. */
static struct rings { struct io_rings rings; struct io_uring_cqe cqe[2]; } shared;
static struct io_ring_ctx ctx;

void init(void)
{
	ctx.rings = &shared.rings;
	ctx.cqe_cached = &shared.cqe[0];
	ctx.cqe_sentinel = &shared.cqe[2];
}

static void post(u64 data)
{
	struct io_uring_cqe *cqe = io_get_cqe(&ctx);

	WRITE_ONCE(cqe->user_data, data);
	io_commit_cqring(&ctx);
}

void P0(void)
{
	post(7);
	post(8);
}

/* What liburing does. */
void P1(void)
{
	unsigned tail = smp_load_acquire(&shared.rings.cq.tail);

	for (unsigned i = 0; i < tail; i++)
		assert(READ_ONCE(shared.cqe[i].user_data) == 7 + i);
}
