package check

import (
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"crosscall/memmodel/internal/csource"
	"crosscall/memmodel/internal/model"

	"pgregory.net/rapid"
)

// plainBarrier is a barrier of which every order of arrivals and every read is explored.
const plainBarrier = `
typedef struct { int size; atomic_int come; } plain_barrier;
static int plain_wait(plain_barrier *b)
{
	atomic_thread_fence(memory_order_seq_cst);
	int come = atomic_fetch_add_explicit(&b->come, 1, memory_order_relaxed);
	atomic_thread_fence(memory_order_seq_cst);
	while (atomic_load_explicit(&b->come, memory_order_acquire) < (come / b->size + 1) * b->size)
		;
	return come % b->size == b->size - 1 ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}
`

// TestTwinBarrier: programs with barriers have the verdicts that they have with plainBarrier, and
// no more executions if they hold. A failure ends an exploration at an execution that depends on
// the workers, so the number up to there says nothing.
func TestTwinBarrier(t *testing.T) {
	m, err := model.Load("rc11")
	if err != nil {
		t.Fatal(err)
	}
	set := map[string]string{"rapid.checks": "15", "rapid.nofailfile": "true"}
	flag.Visit(func(f *flag.Flag) { delete(set, f.Name) })
	for name, value := range set {
		v := flag.Lookup(name).Value
		old := v.String()
		defer func() { _ = v.Set(old) }()
		if err := v.Set(value); err != nil {
			t.Fatal(err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		wait, plain := barrierProgram(t)
		o := Options{Timeout: 20 * time.Second}
		got := Source(t.Context(), "barrier.c", []byte(wait), m, o, csource.Options{})
		o.NoSymmetry = true
		want := Source(t.Context(), "plain.c", []byte(plain), m, o, csource.Options{})
		if got.Err != nil || want.Err != nil {
			t.Fatalf("%v, %v\n%s", got.Err, want.Err, wait)
		}
		if want.Verdict == Incomplete {
			t.Skip("takes long")
		}
		if got.Verdict != want.Verdict || got.Verdict == Holds && got.Executions > want.Executions {
			t.Fatalf("%s (%v), %d executions; plain %s (%v), %d\n%s", got.Verdict, got.Failure, got.Executions, want.Verdict, want.Failure, want.Executions, wait)
		}
	})
}

// barrierProgram draws a program, with barriers of pthreads and with plain ones.
func barrierProgram(t *rapid.T) (wait, plain string) {
	pick := func(what string, from ...string) string { return rapid.SampledFrom(from).Draw(t, what) }
	threads := rapid.IntRange(2, 3).Draw(t, "threads")
	outs, rounds := 0, rapid.IntRange(1, 2).Draw(t, "rounds")
	statement := func(i int) string {
		s := pick("statement", "", "x = 1;", "y = 2;", "o%d = x;", "o%d = y;", "atomic_fetch_add(&x, 1);", "atomic_store_explicit(&y, 1, memory_order_relaxed);", "o%d = atomic_load_explicit(&y, memory_order_relaxed);")
		if strings.Contains(s, "%d") {
			s = fmt.Sprintf(s, outs)
			outs++
		}
		return s
	}
	var code, make strings.Builder
	for i := range threads {
		body := statement(i)
		for range rounds {
			body += pick("use", " WAIT(&b);", " WAIT(&b);", " if (WAIT(&b)) { atomic_fetch_add(&x, 4); }") + " " + statement(i)
		}
		fmt.Fprintf(&code, "void *f%d(void *a) { %s return 0; }\n", i, body)
		fmt.Fprintf(&make, "pthread_create(&t[%d], 0, f%d, 0); ", i, i)
	}
	size := threads - rapid.IntRange(0, 5).Draw(t, "fewer")/5 // mostly all come
	var all strings.Builder
	for i := range threads {
		fmt.Fprintf(&all, "pthread_join(t[%d], 0); ", i)
	}
	cond := fmt.Sprintf("x == %d", rapid.IntRange(0, 6).Draw(t, "x"))
	for i := range outs {
		cond += fmt.Sprintf(" && o%d == %d", i, rapid.IntRange(0, 2).Draw(t, "o"))
	}
	decl := "atomic_int x, y;\n"
	for i := range outs {
		decl += fmt.Sprintf("int o%d;\n", i)
	}
	head := "#include <pthread.h>\n#include <stdatomic.h>\n#include <assert.h>\n" + decl
	body := code.String() + "int main() { pthread_t t[3]; INIT; " + make.String() + all.String() + "assert(!(" + cond + ")); return 0; }\n"
	wait = head + fmt.Sprintf("pthread_barrier_t b;\n#define WAIT pthread_barrier_wait\n#define INIT pthread_barrier_init(&b, 0, %d)\n", size) + body
	plain = head + plainBarrier + fmt.Sprintf("plain_barrier b = { %d };\n#define WAIT plain_wait\n#define INIT\n", size) + body
	return wait, plain
}

// TestBarrier counts executions of threads that meet twice: nobody sees in which order they come,
// unless the last of a round is told so.
func TestBarrier(t *testing.T) {
	m, err := model.Load("rc11")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		body       string
		executions int64
	}{
		{"pthread_barrier_wait(&b); pthread_barrier_wait(&b);", 1},
		{"pthread_barrier_wait(&b); if (pthread_barrier_wait(&b)) x[i] = 1;", 3},
		{"if (pthread_barrier_wait(&b)) x[i] = 1; pthread_barrier_wait(&b);", 3},
		{"int last = pthread_barrier_wait(&b); pthread_barrier_wait(&b); (void)last;", 1},
	} {
		src := "#include <pthread.h>\nint x[3]; pthread_barrier_t b;\nvoid *f(void *a) { int i = *(int *)a; " + c.body + " return 0; }\n" +
			"int n[3] = { 0, 1, 2 };\nint main() { pthread_t t; pthread_barrier_init(&b, 0, 3); for (int i = 0; i < 3; i++) pthread_create(&t, 0, f, &n[i]); return 0; }\n"
		if r := Source(t.Context(), "barrier.c", []byte(src), m, Options{}, csource.Options{}); r.Verdict != Holds || r.Executions != c.executions {
			t.Errorf("%s: %s, %d executions, %v; want %d\n", c.body, r.Verdict, r.Executions, r.Failure, c.executions)
		}
	}
}
