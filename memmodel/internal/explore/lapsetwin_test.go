package explore_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"crosscall/memmodel/internal/csource"
	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/model"

	"pgregory.net/rapid"
)

// TestTwinLapse: a round that fails without a reason is left out where it writes, and with it no
// final state, failure or flag. The twin keeps all rounds, up to its bound. Within a larger bound
// it has all that is found.
func TestTwinLapse(t *testing.T) {
	for _, name := range []string{"rc11", "rc20", "sc", "x86-tso", "armv8", "power"} {
		t.Run(name, func(t *testing.T) {
			m, err := model.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			check(t, 10, func(t *rapid.T) {
				p := lapseProgram(t, m)
				got, _ := endingsWithin(t, p, m, explore.Config{Bound: 2})
				want, _ := endingsWithin(t, p, m, explore.TryInVain(explore.Config{Bound: 2}))
				if lost := lacking(got, want); lost != "" {
					t.Fatalf("left out: %s", lost)
				}
				more, _ := endingsWithin(t, p, m, explore.TryInVain(explore.Config{Bound: 3}))
				if extra := lacking(more, got); extra != "" {
					t.Fatalf("there is none: %s", extra)
				}
			})
		})
	}
}

// lacking is a key of all that some does not have.
func lacking(some, all map[string]int) string {
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if some[key] == 0 {
			return key
		}
	}
	return ""
}

// endingsWithin is endings of a program whose loops may go on beyond the bound.
func endingsWithin(t *rapid.T, p *ir.Program, m *model.Model, c explore.Config) (found map[string]int, bound bool) {
	found = map[string]int{}
	short := &patience{Context: context.Background()}
	short.asked.Store(29000)
	stats, err := explore.Run(short, p, m.Plan, c, tallyEndings(p, found))
	if errors.Is(err, context.DeadlineExceeded) {
		t.Skip("too long")
	} else if err != nil {
		t.Fatal(err)
	}
	return found, stats.BoundHit
}

// lapseProgram draws a program in C in which a weak compare-and-exchange publishes a node.
func lapseProgram(t *rapid.T, m *model.Model) *ir.Program {
	pick := func(from ...string) string { return rapid.SampledFrom(from).Draw(t, "part") }
	var b strings.Builder
	b.WriteString("#include <stdatomic.h>\n#include <stdlib.h>\n#include <pthread.h>\n#include <assert.h>\n" +
		"struct node { int v; " + pick("struct node *next;", "struct node *next;", "struct node *_Atomic next;") + " };\n" +
		"static _Atomic(struct node *) top; static struct node pool[2]; static struct node *_Atomic slot; static atomic_int x; static int y;\n")
	threads := rapid.SampledFrom([]int{2, 2, 2, 2, 3}).Draw(t, "threads")
	for i := range threads {
		text := lapseReader(pick)
		if i == 0 || pick("push", "read", "read", "read", "read") == "push" {
			text = lapsePush(pick, i)
		}
		fmt.Fprintf(&b, "static void *f%d(void *arg) { struct node *n, *old; int r;\n%s\n\treturn NULL; }\n", i, text)
	}
	b.WriteString("int main(void) { pthread_t t[3];\n")
	for i := range threads {
		fmt.Fprintf(&b, "\tpthread_create(&t[%d], NULL, f%d, NULL);\n", i, i)
	}
	for i := range threads {
		fmt.Fprintf(&b, "\tpthread_join(t[%d], NULL);\n", i)
	}
	b.WriteString("\treturn 0; }\n")
	t.Log(b.String())
	return compileC(t, m, b.String())
}

func compileC(t rapid.TB, m *model.Model, src string) *ir.Program {
	s, err := csource.Parse("test.c", []byte(src), csource.Options{})
	if err != nil {
		t.Fatal(err)
	}
	test, err := s.Compile(m.Macros, nil)
	if err != nil {
		t.Fatal(err)
	}
	return test.Prog
}

// lapsePush draws a thread that pushes a node.
func lapsePush(pick func(...string) string, i int) string {
	order := func() string {
		return "memory_order_" + pick("relaxed", "relaxed", "acquire", "release", "seq_cst")
	}
	fence := func() string {
		return pick("", "", "atomic_thread_fence("+order()+");", "atomic_thread_fence(memory_order_release);")
	}
	set := func() string {
		return pick("n->next = old;", "n->next = old;", "n->v = 1;", "n->v = 2;", "n->v = n->v + 1;", "n->next = old; n->v = 1;", "r = x; n->v = r;", "y = 1;")
	}
	weak := "atomic_compare_exchange_weak_explicit(&top, &old, n, " + order() + ", memory_order_" + pick("relaxed", "acquire", "seq_cst") + ")"
	node := pick("malloc(sizeof(*n))", "malloc(sizeof(*n))", fmt.Sprintf("&pool[%d]", i%2), "&pool[0]")
	published := func() string {
		return pick("", "", "", "slot = n;", "atomic_store_explicit(&slot, n, memory_order_release);")
	}
	loop := pick(
		"do { "+set()+" "+fence()+" } while (!"+weak+");",
		"do { "+fence()+" "+set()+" } while (!"+weak+");",
		set()+" "+fence()+" "+published()+" while (!"+weak+") { "+set()+" }",
		set()+" "+published()+" while (!"+weak+") { "+set()+" "+fence()+" }",
		"n->next = old; "+fence()+" while (!"+strings.Replace(weak, "&old", "(struct node **)&n->next", 1)+") { }",
		"for (;;) { "+set()+" if ("+weak+") break; "+set()+" "+pick("", "r = x;", "r = y;", "atomic_store(&x, 1);")+" }",
	)
	return "\tn = " + node + "; n->v = " + pick("0", "1") + "; n->next = NULL; old = atomic_load_explicit(&top, memory_order_" + pick("relaxed", "acquire", "seq_cst") + ");\n\t" +
		published() + " " + loop + pick("", " atomic_store(&x, 2);", " n->v = 3;", " assert(x != 2);")
}

// lapseReader draws a thread that reads what has been pushed, or else changes what a push may see.
func lapseReader(pick func(...string) string) string {
	from := pick("&top", "&top", "&slot")
	return "\t" + pick(
		"n = atomic_load_explicit("+from+", memory_order_acquire); if (n) { r = n->v; x = r + 4; }",
		"n = atomic_load_explicit("+from+", memory_order_relaxed); if (n) { r = n->v; x = r + 4; }",
		"n = atomic_load("+from+"); if (n) { old = n->next; x = old == NULL; }",
		"n = atomic_load("+from+"); if (n) n->v = 5;",
		"x = 1; n = top; if (n) y = n->v;",
		"n = top; if (n) { old = n->next; atomic_compare_exchange_strong(&top, &n, old); }",
		"atomic_store(&top, NULL);",
		"y = 2;",
	)
}

// TestLapseThatMatters: of these assertions and races each needs a round that fails without a
// reason. In the first another thread has the address, and its write is undone. In the second the
// write of the round is behind the fence, so it is not ordered with the read. In the third the
// memory counts the rounds.
func TestLapseThatMatters(t *testing.T) {
	for _, c := range []struct{ model, push, other, want string }{
		{"sc", "n->v = 1; slot = n; while (!atomic_compare_exchange_weak(&top, &old, n)) n->v = 1;",
			"n = slot; if (n) { n->v = 5; x = 1; }", "x=1 true node#1.v=1 true"},
		{"rc11", "n->v = 1; atomic_thread_fence(memory_order_release); while (!atomic_compare_exchange_weak_explicit(&top, &old, n, memory_order_relaxed, memory_order_relaxed)) n->v = 1;",
			"n = top; if (n) r = n->v;", "flag data-race"},
		{"armv8", "n->v = 0; do n->v = n->v + 1; while (!atomic_compare_exchange_weak(&top, &old, n) && n->v < 3);", "", "node#1.v=3 true"},
	} {
		m, err := model.Load(c.model)
		if err != nil {
			t.Fatal(err)
		}
		src := fmt.Sprintf(`#include <stdatomic.h>
#include <stdlib.h>
#include <pthread.h>
struct node { int v; };
static _Atomic(struct node *) top, slot; static atomic_int x;
static void *push(void *arg) { struct node *n = malloc(sizeof *n), *old = top; %s return NULL; }
static void *other(void *arg) { struct node *n; int r; %s return NULL; }
int main(void) { pthread_t t; pthread_create(&t, NULL, push, NULL); pthread_create(&t, NULL, other, NULL); return 0; }
`, c.push, c.other)
		p := compileC(t, m, src)
		found := map[string]int{}
		if _, err := explore.Run(t.Context(), p, m.Plan, explore.Config{Bound: 5}, tallyEndings(p, found)); err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(slices.Collect(maps.Keys(found)), func(key string) bool { return strings.Contains(key, c.want) }) {
			t.Errorf("%s, %s\nis not in %v", c.model, c.want, found)
		}
	}
}

// TestLapseEnds: a loop that pushes ends, whatever the bound.
func TestLapseEnds(t *testing.T) {
	for _, name := range []string{"rc11", "sc", "power"} {
		m, err := model.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		src := `#include <stdatomic.h>
#include <stdlib.h>
#include <pthread.h>
struct node { int v; struct node *next; };
static _Atomic(struct node *) top;
static void *push(void *arg)
{
	struct node *n = malloc(sizeof *n), *old = top;
	n->v = 1;
	do n->next = old; while (!atomic_compare_exchange_weak(&top, &old, n));
	return NULL;
}
int main(void) { pthread_t t; pthread_create(&t, NULL, push, NULL); pthread_create(&t, NULL, push, NULL); return 0; }
`
		p := compileC(t, m, src)
		for _, bound := range []int{5, 20} {
			if stats := count(t, p, m.Plan, explore.Config{Bound: bound}); stats.BoundHit || stats.Executions != 24 {
				t.Errorf("%s, bound %d: %d executions, bound hit %t; want 24, and no bound", name, bound, stats.Executions, stats.BoundHit)
			}
		}
	}
}
