/* lib/errseq.c: errors of which each reader is told once. */
#include "lib/errseq.c"
#include <crosscall.h>

/* A reader is told of an error that comes after its sample, and then no more. */
static errseq_t wb_err;

void P0(void) { errseq_set(&wb_err, -EIO); }
void P1(void)
{
	errseq_t since = errseq_sample(&wb_err);
	int err = errseq_check_and_advance(&wb_err, &since);

	assert(err == 0 || err == -EIO);
	if (err)
		assert(errseq_check(&wb_err, since) == 0);
}
void P2(void)
{
	errseq_t since = 0;
	int err = errseq_check_and_advance(&wb_err, &since);

	assert(err == 0 || err == -EIO);
}
