/* kernel/notifier.c: chains of functions that are called when something happens. */
#include <linux/rwsem.h>
#include "kernel/notifier.c"
#include <crosscall.h>

/* A function that is taken off the chain is not called afterwards, and its data can go. */
static ATOMIC_NOTIFIER_HEAD(chain);
static int gone;

static int call(struct notifier_block *b, unsigned long event, void *data)
{
	assert(!READ_ONCE(gone));
	return NOTIFY_OK;
}
static struct notifier_block block = { .notifier_call = call };

void init(void) { atomic_notifier_chain_register(&chain, &block); }
void P0(void) { atomic_notifier_call_chain(&chain, 1, NULL); }

void P1(void)
{
	atomic_notifier_chain_unregister(&chain, &block);
	WRITE_ONCE(gone, 1);
}
