package explore_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/litmus"
	"crosscall/memmodel/internal/model"

	"pgregory.net/rapid"
)

// TestTwinRetry: programs that try again and again, or sleep and are woken, and then write.
// Where the dynamic explorer says that it has found all executions, the static one finds
// the same with more rounds. It knows nothing of threads that go on without values, nor
// of what bounds them.
func TestTwinRetry(t *testing.T) {
	for _, name := range []string{"lkmm", "armv8", "power", "rc11", "sc"} {
		t.Run(name, func(t *testing.T) {
			m, err := model.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			check(t, 15, func(t *rapid.T) {
				p := retryProgram(t, m)
				got, stats := finals(t, explore.RunGrowing, p, m, 2)
				want, _ := finals(t, explore.RunUnfolded, p, m, 2)
				if !maps.Equal(got, want) {
					t.Fatalf("dynamic %v\nstatic %v", got, want)
				}
				if stats.BoundHit {
					return
				}
				if more, _ := finals(t, explore.RunUnfolded, p, m, 3); !maps.Equal(got, more) {
					t.Fatalf("dynamic, complete %v\nstatic, another round %v", got, more)
				}
			})
		})
	}
}

// TestTwinSleep is the same with rounds of waiting left out: no final state is.
func TestTwinSleep(t *testing.T) {
	for _, name := range []string{"lkmm", "armv8", "power", "sc"} {
		t.Run(name, func(t *testing.T) {
			m, err := model.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			check(t, 10, func(t *rapid.T) {
				p := retryProgram(t, m)
				want, _ := finals(t, explore.RunUnfolded, p, m, 2)
				p.Waits = true
				got, stats := finals(t, explore.Run, p, m, 10)
				if stats.BoundHit {
					t.Skip("goes on")
				}
				for state := range want {
					if got[state] == 0 {
						t.Fatalf("%s is left out of %v", state, got)
					}
				}
			})
		})
	}
}

// TestPostponeOvertaken: the last value of y may be 1. That needs a read to be postponed past
// the 2 that makes its thread try again, because only otherwise the thread writes to x
// without it, which the write of 0 depends on.
func TestPostponeOvertaken(t *testing.T) {
	const src = `C overtaken
{}
P0(atomic_t *x, atomic_t *y) { int r0 = atomic_read(x); if (r0) { atomic_set(y, 0); } }
P1(atomic_t *x, atomic_t *y)
{
	int r0 = atomic_read(y);
	int r1 = atomic_cmpxchg_relaxed(y, r0, 1);
	while (r1 != r0) { r0 = r1; r1 = atomic_cmpxchg_relaxed(y, r0, 1); }
	if (!r0) atomic_set(x, 2);
}
P2(atomic_t *x, atomic_t *y)
{
	int r0 = atomic_read(y);
	int r1 = atomic_cmpxchg_relaxed(y, r0, 2);
	while (r1 != r0) { r0 = r1; r1 = atomic_cmpxchg_relaxed(y, r0, 2); }
	if (r0) atomic_set(x, 1);
}
exists (x=2 /\ y=1)
`
	m, err := model.Load("lkmm")
	if err != nil {
		t.Fatal(err)
	}
	ast, err := litmus.Parse("overtaken.litmus", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	test, err := ast.Compile(m.Macros)
	if err != nil {
		t.Fatal(err)
	}
	stats, err := explore.Run(t.Context(), test.Prog, m.Plan, explore.Config{}, func(*explore.Execution) error { return nil })
	if err != nil || stats.Executions != 25 || stats.BoundHit {
		t.Errorf("%d executions, want 25; bound %t, %v", stats.Executions, stats.BoundHit, err)
	}
}

// retryProgram draws a program.
func retryProgram(t *rapid.T, m *model.Model) *ir.Program {
	var b strings.Builder
	b.WriteString("C retry\n{}\n")
	for i := range rapid.IntRange(2, 3).Draw(t, "threads") {
		fmt.Fprintf(&b, "P%d(atomic_t *x, atomic_t *y)\n{\n%s}\n", i, retryThread(t, i))
	}
	b.WriteString("exists (x=0)\n")
	t.Log(b.String())
	return programOf(t, m, b.String())
}

// retryThread draws a thread.
func retryThread(t *rapid.T, i int) string {
	pick := func(what string, from ...string) string { return rapid.SampledFrom(from).Draw(t, fmt.Sprint(what, i)) }
	cell, other := "x", "y"
	if pick("cell", "x", "y") == "y" {
		cell, other = "y", "x"
	}
	order, value := pick("order", "", "_relaxed", "_acquire", "_release"), pick("value", "1", "2", "r0 + 1")
	tail := pick("tail", "", "atomic_set(%s, 1);", "if (r0) atomic_set(%s, 1);", "if (!r0) atomic_set(%s, 2);", "atomic_set_release(%s, 1);", "r0 = atomic_xchg_relaxed(%s, 2);")
	if tail != "" {
		tail = fmt.Sprintf("\t"+tail+"\n", other)
	}
	switch pick("kind", "retry", "sleep", "straight", "straight") {
	case "retry":
		try := fmt.Sprintf("atomic_cmpxchg%s(%s, r0, %s)", order, cell, value)
		return fmt.Sprintf("\tint r0 = atomic_read(%s);\n\tint r1 = %s;\n\twhile (r1 != r0) {\n\t\tr0 = r1;\n\t\tr1 = %s;\n\t}\n%s", cell, try, try, tail)
	case "sleep":
		fence := pick("fence", "", "smp_mb();", "smp_wmb();")
		return fmt.Sprintf("\tint r0 = 0;\n\tint r1 = 0;\n\twhile (r0 == 0) {\n\t\tatomic_set(%s, 2);\n\t\t%s\n\t\tr0 = atomic_read(%s);\n\t\tif (r0 == 0) {\n\t\t\tr1 = atomic_read(%s);\n\t\t\twhile (r1 == 2) {\n\t\t\t\tr1 = atomic_read(%s);\n\t\t\t}\n\t\t}\n\t}\n%s", cell, fence, other, cell, cell, tail)
	}
	cond := pick("cond", "if (r0)", "if (!r0)", "if (1)")
	write := pick("write", "atomic_set(%s, 0);", "atomic_set(%s, 1);", "int r2 = atomic_xchg(%s, 0);", "int r3 = atomic_xchg_relaxed(%s, 3);")
	return fmt.Sprintf("\tint r0 = atomic_read(%s);\n\t%s {\n\t\t%s\n\t}\n", other, cond, fmt.Sprintf(write, cell)) + tail
}

// TestRetryEnds: two that add by compare-and-swap fail once each at most, whatever the bound.
func TestRetryEnds(t *testing.T) {
	add := `{ int r0 = atomic_read(x); int r1 = atomic_cmpxchg(x, r0, r0 + 1);
		while (r1 != r0) { r0 = r1; r1 = atomic_cmpxchg(x, r0, r0 + 1); } }`
	test, m := parse(t, "{} P0(atomic_t *x) "+add+" P1(atomic_t *x) "+add+" exists (x=1)")
	for _, bound := range []int{0, 5, 20} {
		stats := count(t, test.Prog, m.Plan, explore.Config{Bound: bound})
		if stats.BoundHit || stats.Executions != 4 {
			t.Errorf("bound %d: %d executions, bound hit %v; want 4, and no bound", bound, stats.Executions, stats.BoundHit)
		}
	}
}

// TestFenceBeforeRead: under POWER a write behind a compare-and-swap with a release may be
// performed before it. The fence of the release stands before the read, and does not keep
// the write behind it.
func TestFenceBeforeRead(t *testing.T) {
	m, err := model.Load("power")
	if err != nil {
		t.Fatal(err)
	}
	ast, err := litmus.Parse("test", []byte(`C test
		{} P0(atomic_t *x, atomic_t *y) { int r0 = atomic_read(y); int r1 = atomic_cmpxchg_release(y, r0, 1);
			while (r1 != r0) { r0 = r1; r1 = atomic_cmpxchg_release(y, r0, 1); } atomic_set(x, 1); }
		P1(atomic_t *x, atomic_t *y) { int r0 = atomic_read(x); if (r0) { int r2 = atomic_xchg(y, 0); } }
		exists (y=1 /\ 1:r0=1)`))
	if err != nil {
		t.Fatal(err)
	}
	test, err := ast.Compile(m.Macros)
	if err != nil {
		t.Fatal(err)
	}
	if stats := count(t, test.Prog, m.Plan, explore.Config{Filter: test.Cond}); stats.Executions != 1 {
		t.Errorf("%d executions in which the write is seen before the compare-and-swap, want 1", stats.Executions)
	}
}

// TestPostponeBeforeWrite: a write that directly follows a read in its thread is not for that the
// write of its operation. Here the first thread's read of y has to be postponed past the 1 that
// the third thread writes because of this very write, to read what the second writes then.
func TestPostponeBeforeWrite(t *testing.T) {
	const src = `C before
{}
P0(atomic_t *x, atomic_t *y) { int r0 = atomic_read(y); atomic_set(x, 0); if (r0) atomic_set(y, 1); }
P1(atomic_t *x, atomic_t *y)
{
	int r0 = atomic_read(y);
	int r1 = atomic_cmpxchg_release(y, r0, 1);
	while (r1 != r0) { r0 = r1; r1 = atomic_cmpxchg_release(y, r0, 1); }
	if (!r0) atomic_set(x, 2);
}
P2(atomic_t *x, atomic_t *y) { int r0 = atomic_read(x); if (!r0) { atomic_set(y, 1); } atomic_set_release(x, 1); }
exists (x=0)
`
	m, err := model.Load("armv8")
	if err != nil {
		t.Fatal(err)
	}
	ast, err := litmus.Parse("before.litmus", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	test, err := ast.Compile(m.Macros)
	if err != nil {
		t.Fatal(err)
	}
	for name, run := range map[string]runner{"dynamic": explore.RunGrowing, "static": explore.RunUnfolded} {
		stats, err := run(t.Context(), test.Prog, m.Plan, explore.Config{}, func(*explore.Execution) error { return nil })
		if err != nil || stats.Executions != 72 {
			t.Errorf("%s: %d executions, want 72; %v", name, stats.Executions, err)
		}
	}
}
