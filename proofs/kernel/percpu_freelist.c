/* kernel/bpf/percpu_freelist.c: lists of free elements, of which each CPU has one. */
#include "kernel/bpf/percpu_freelist.c"
#include <crosscall.h>

/* An element is one thread's at a time, and is not lost. */
static struct pcpu_freelist list;
static struct pcpu_freelist_node element;
static int inside;

void init(void)
{
	int err = pcpu_freelist_init(&list);

	assert(!err);
	pcpu_freelist_populate(&list, &element, sizeof(element), 1);
}

static void use(void)
{
	struct pcpu_freelist_node *mine = pcpu_freelist_pop(&list);

	if (!mine)
		return;
	inside++;
	assert(inside == 1);
	inside--;
	pcpu_freelist_push(&list, mine);
}

void P0(void) { use(); }
void P1(void) { use(); }
void final(void) { assert(pcpu_freelist_pop(&list) == &element); }
