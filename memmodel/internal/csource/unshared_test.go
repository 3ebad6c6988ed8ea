package csource_test

import (
	"strings"
	"testing"

	"crosscall/memmodel/internal/csource"
)

// cachedIndex is a queue of one reader and one writer, which keep what they know of the other.
const cachedIndex = `#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#define N 2
static struct { atomic_uint head; unsigned seen; } writes;
static struct { atomic_uint tail; unsigned seen; } reads;
static int slot[N];

static int put(int v)
{
	unsigned head = atomic_load_explicit(&writes.head, memory_order_relaxed);

	if (head - writes.seen == N) {
		writes.seen = atomic_load_explicit(&reads.tail, ORDER);
		if (head - writes.seen == N)
			return 0;
	}
	slot[head % N] = v;
	atomic_store_explicit(&writes.head, head + 1, memory_order_release);
	return 1;
}

static int get(int *v)
{
	unsigned tail = atomic_load_explicit(&reads.tail, memory_order_relaxed);

	if (tail == reads.seen) {
		reads.seen = atomic_load_explicit(&writes.head, memory_order_acquire);
		if (tail == reads.seen)
			return 0;
	}
	*v = slot[tail % N];
	atomic_store_explicit(&reads.tail, tail + 1, memory_order_release);
	return 1;
}

static void *writer(void *arg)
{
	for (int i = 1; i <= 3; )
		if (put(i))
			i++;
	return NULL;
}

static void *reader(void *arg)
{
	for (int i = 1, v; i <= 3; )
		if (get(&v))
			assert(v == i++);
	return NULL;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, writer, NULL);
	pthread_create(&b, NULL, reader, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
`

// TestCachedIndex: a round of a loop that finds the queue full, or empty, is one of waiting,
// though it writes to a variable that its thread alone uses.
func TestCachedIndex(t *testing.T) {
	for order, want := range map[string]string{"acquire": "holds, 5 executions ", "relaxed": "fails: q.c:18:2: slot[head % N] = v races with slot[tail % N] at q.c:32:7: neither happens before the other"} {
		s, err := csource.Parse("q.c", []byte(strings.ReplaceAll(cachedIndex, "ORDER", "memory_order_"+order)), csource.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, model := range []string{"rc11", "rc20"} {
			if got := verdict(t, s, model); got != want {
				t.Errorf("%s: %s under %s, want %s", order, got, model, want)
			}
		}
	}
}
