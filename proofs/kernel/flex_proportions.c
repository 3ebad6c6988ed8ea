/* lib/flex_proportions.c: which part of all events are of one kind. */
#include "lib/flex_proportions.c"
#include <crosscall.h>

/* It is no more than all. */
static struct fprop_global all;
static struct fprop_local_single one;

void init(void)
{
	int err = fprop_global_init(&all, GFP_KERNEL);

	assert(!err);
	err = fprop_local_init_single(&one);
	assert(!err);
}

void P0(void) { fprop_inc_single(&all, &one); }
void P1(void)
{
	unsigned long part, of;

	fprop_fraction_single(&all, &one, &part, &of);
	assert(part <= of);
}
