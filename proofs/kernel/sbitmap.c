/* lib/sbitmap.c: numbers that are handed out and given back. */
#define NR_CPUS 2
#include "lib/sbitmap.c"
#include <crosscall.h>

/* A number is one thread's at a time, and who gets it sees what the one before wrote. */
static struct sbitmap_word words[1] = { { .word = 0 } };
static DEFINE_PER_CPU(unsigned, hint);
static struct sbitmap map = { .depth = 1, .shift = 6, .map_nr = 1, .map = words, .alloc_hint = &hint };
static int data;

static void use(void)
{
	int n = sbitmap_get(&map);

	if (n < 0)
		return;
	assert(n == 0);
	data++;
	sbitmap_put(&map, n);
}

void P0(void) { use(); }
void P1(void) { use(); }
