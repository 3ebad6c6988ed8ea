package check

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"crosscall/memmodel/internal/csource"
	"crosscall/memmodel/internal/model"
)

const coverHead = "#include <linux/atomic.h>\n#include <linux/spinlock.h>\n#include <linux/rcupdate.h>\n#include <crosscall.h>\nint x, y;\nspinlock_t l;\n"

const coverMain = "#include <pthread.h>\n#include <stdatomic.h>\n#include <crosscall.h>\natomic_int x, y;\n"

// TestCovers: each line of a program with a cover ends with the expected status.
func TestCovers(t *testing.T) {
	for _, tt := range []struct {
		name, model, src string
		want             Verdict
	}{
		{"reached", "lkmm", coverHead + `
void init(void) { x = 0; cover(); /* reached */
}
void P0(void) { WRITE_ONCE(x, 1); }
void P1(void) { int r = READ_ONCE(x);
cover(r == 1); // reached
cover(r == 0); // reached
}
void final(void) {
cover(x == 1); // reached
}`, Holds},
		{"not reached", "lkmm", coverHead + `
static void nobody(void) {
cover(); // not reached
}
void P0(void) { WRITE_ONCE(x, 1); smp_wmb(); WRITE_ONCE(y, 1); if (0)
cover(); // not reached
}
void P1(void) { int r = READ_ONCE(y); smp_rmb(); int s = READ_ONCE(x);
cover(r == 1 && s == 0); // not reached
cover(0); // not reached
cover(r == 1 && s == 1); // reached
if (r == 2)
cover(); // not reached
}
void final(void) {
cover(x == 2); // not reached
}`, Vacuous},
		{"in waiting rounds", "lkmm", coverHead + `
void P0(void) { spin_lock(&l); WRITE_ONCE(x, 1); spin_unlock(&l); }
void P1(void) { int round = 0;
while (!READ_ONCE(x))
cover(); // reached
while (!spin_trylock(&l))
cover(); // reached
spin_unlock(&l);
while (xchg(&y, 0))
cover(); // not reached
for (;;) { if (READ_ONCE(x)) break;
cover(); // not reached
}
}`, Vacuous},
		{"a failure comes first", "lkmm", coverHead + `
void P0(void) { assert(0);
cover(); // not known
}`, Fails},
		{"assumed away", "lkmm", coverHead + `
void P0(void) { int r = choose(2); assume(r);
cover(r == 0); // not reached
cover(r); // reached
}`, Vacuous},
		{"choices before the threads", "lkmm", coverHead + `
void init(void) { x = choose(3);
cover(x == 2); /* reached */
}
void P0(void) { int r = READ_ONCE(x);
cover(r == 0); // reached
cover(r == 1); // reached
cover(r == 3); // not reached
}`, Vacuous},
		{"in a function twice", "lkmm", coverHead + `
static void f(int a) {
cover(a == 1); // reached
cover(a == 3); // not reached
}
void P0(void) { f(0); f(1); }
void P1(void) { f(2); }`, Vacuous},
		{"after a grace period", "lkmm", coverHead + `
static void done(struct rcu_head *h) {
cover(); // reached
}
struct rcu_head h;
void P0(void) { call_rcu(&h, done); }`, Holds},
		{"main is no thread", "rc11", coverMain + `
void *f(void *a) { atomic_fetch_add(&x, 1);
cover(a != 0); // reached
return 0; }
int main(void) { pthread_t t, u;
cover(); // reached
pthread_create(&t, 0, f, 0); pthread_create(&u, 0, f, &x);
cover(); // reached
pthread_join(t, 0); pthread_join(u, 0);
cover(x == 2); // reached
cover(x == 1); // not reached
}`, Vacuous},
		{"main is a thread", "rc11", coverMain + `
void *f(void *a) { atomic_fetch_add(&x, 1); return 0; }
int main(void) { pthread_t t, u;
cover(); // reached
pthread_create(&t, 0, f, 0); pthread_create(&u, 0, f, 0);
int r = x;
cover(r == 1); // reached
cover(r == 2); // reached
cover(r == 3); // not reached
pthread_join(t, 0); pthread_join(u, 0);
}`, Vacuous},
		{"main joins nobody", "rc11", coverMain + `
void *f(void *a) { x = 1; return 0; }
int main(void) { pthread_t t; pthread_create(&t, 0, f, 0);
cover(); // reached
}`, Holds},
		{"main alone", "rc11", coverMain + `
int main(void) { x = 1;
cover(x == 1); // reached
cover(x == 0); // not reached
}`, Vacuous},
		{"beyond the bound", "lkmm", coverHead + `
void P0(void) { for (int i = 0; i < 100; i++) { int r = READ_ONCE(x); if (r) break;
cover(); // reached
cover(i == 50); // not known
} }
void P1(void) { WRITE_ONCE(x, 1); }`, Incomplete},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, err := model.Load(tt.model)
			if err != nil {
				t.Fatal(err)
			}
			r := Source(t.Context(), "cover.c", []byte(tt.src), m, Options{}, csource.Options{})
			if r.Verdict != tt.want {
				t.Fatalf("%s %s %v, want %s", r.Verdict, r.Reason, r.Err, tt.want)
			}
			n := 0
			for i, line := range strings.Split(tt.src, "\n") {
				if !strings.Contains(line, "cover(") {
					continue
				}
				want := strings.Trim(line[strings.IndexByte(line, '/'):], " /*}")
				if n == len(r.Covers) || r.Covers[n].Pos.Line != i+1 || string(r.Covers[n].Status) != want {
					t.Fatalf("line %d is %q: %v", i+1, line, r.Covers)
				}
				n++
			}
			if n != len(r.Covers) || (r.Verdict == Vacuous) != strings.HasPrefix(r.Reason, "no execution reaches cover.c:") {
				t.Errorf("%v %q", r.Covers, r.Reason)
			}
			var b bytes.Buffer
			if err := r.WriteJSON(&b); err != nil || !strings.Contains(b.String(), fmt.Sprintf(`"place":"cover.c:%d:`, r.Covers[0].Pos.Line)) {
				t.Errorf("%s %v", b.String(), err)
			}
			back := r.toJSON()
			if !back.wellFormed() || !slices.Equal(back.result().Covers, r.Covers) || !slices.Equal(back.result().Races, r.Races) {
				t.Errorf("what is written is read back as %+v", back.result())
			}
		})
	}
}

// TestCoverTwin: cover(e) is reached if and only if assert(!(e)) in its place fails.
func TestCoverTwin(t *testing.T) {
	lkmm := lkmm(t)
	rapid.Check(t, func(t *rapid.T) {
		g := coverGen{t}
		var threads [2]string
		for i := range threads {
			threads[i] = g.block(2)
		}
		covers := strings.Count(threads[0]+threads[1], "@")
		if covers == 0 {
			return
		}
		k := rapid.IntRange(0, covers-1).Draw(t, "cover")
		program := func(cover string) string {
			src := "#include <asm/barrier.h>\n#include <crosscall.h>\nint x, y;\n" +
				"#define xchg(p, v) __cc_prim(\"xchg\", p, v)\n#define cmpxchg(p, o, n) __cc_prim(\"cmpxchg\", p, o, n)\n"
			for i, body := range threads {
				src += fmt.Sprintf("void P%d(void) { int r = 0, s = 0; %s }\n", i, body)
			}
			parts := strings.Split(src, "@")
			src = parts[0]
			for i, part := range parts[1:] {
				word := "(void)"
				if i == k {
					word = cover
				}
				src += word + part
			}
			return src
		}
		o := Options{Bound: 2, Timeout: 200 * time.Millisecond}
		one := Source(t.Context(), "cover.c", []byte(program("cover")), lkmm, o, csource.Options{})
		other := Source(t.Context(), "cover.c", []byte(program("never")), lkmm, o, csource.Options{Defines: map[string]string{"never(e)": "assert(!(e))"}})
		if one.Err != nil || other.Err != nil {
			t.Fatal(one.Err, other.Err)
		}
		if one.Verdict != Holds && one.Verdict != Vacuous || other.Verdict == Incomplete {
			return // it does not end within the limit
		}
		if (one.Covers[0].Status == Reached) != (other.Verdict == Fails) {
			t.Fatalf("%s\n%v, but as an assertion: %s", program("cover"), one.Covers, other.Verdict)
		}
	})
}

// coverGen makes the bodies of threads. @ stands for a cover.
type coverGen struct{ t *rapid.T }

func (g coverGen) pick(of ...string) string { return rapid.SampledFrom(of).Draw(g.t, "part") }

func (g coverGen) block(depth int) string {
	var b strings.Builder
	for range rapid.IntRange(1, depth+1).Draw(g.t, "statements") {
		b.WriteString(g.statement(depth))
	}
	return b.String()
}

func (g coverGen) statement(depth int) string {
	v, r := g.pick("x", "y"), g.pick("r", "s")
	value := func(s string) string {
		return strings.NewReplacer("READ(V)", "READ_ONCE("+v+")", "WRITE(V", "WRITE_ONCE("+v, "V", v, "R", r).Replace(s)
	}
	if depth > 0 && rapid.IntRange(0, 2).Draw(g.t, "nest") == 0 {
		head := g.pick("if (R)", "while (!READ(V))", "while (READ(V) != 1)", "for (int i = 0; i < 2; i++)")
		return value(head) + " { idle(); " + g.block(depth-1) + " } "
	}
	return value(g.pick("WRITE(V, 1); ", "WRITE(V, R); ", "R = READ(V); ", "R = xchg(&V, 1); ", "smp_mb(); ", "smp_store_release(&V, 1); ", "@(R == 1); ", "@(1); ", "@(r == s); ", "R = cmpxchg(&V, 0, 1); "))
}
