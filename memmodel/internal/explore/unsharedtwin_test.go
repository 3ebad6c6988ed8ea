package explore_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/model"

	"pgregory.net/rapid"
)

// TestTwinUnshared: each thread has a variable of its own, which it uses in a loop. Made
// private or not, the last values of the others are the same.
func TestTwinUnshared(t *testing.T) {
	for _, name := range []string{"rc11", "rc20", "sc"} {
		t.Run(name, func(t *testing.T) {
			m, err := model.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			check(t, 40, func(t *rapid.T) {
				p := ownerProgram(t, m)
				p.Unshared, p.Waits = true, rapid.Bool().Draw(t, "waits")
				if len(explore.Privates(p)) == 0 {
					t.Fatal("no variable is private")
				}
				kept, stats := sharedFinals(t, p, m, explore.KeepShared(explore.Config{Bound: 3}))
				got, _ := sharedFinals(t, p, m, explore.Config{Bound: 3})
				for state := range kept {
					if !got[state] {
						t.Fatalf("%s is left out of %v", state, got)
					}
				}
				if !maps.Equal(got, kept) && !(p.Waits && stats.BoundHit) {
					t.Fatalf("private %v\nshared %v", got, kept)
				}
			})
		})
	}
}

// ownerProgram draws a program in which thread i alone uses pi, and writes to oi what it has.
func ownerProgram(t *rapid.T, m *model.Model) *ir.Program {
	var b strings.Builder
	b.WriteString("C owners\n{}\n")
	for i := range rapid.IntRange(2, 3).Draw(t, "threads") {
		fmt.Fprintf(&b, "P%d(int *x, int *y, int *p%d, int *o%d)\n{\n%s}\n", i, i, i, ownerThread(t, i))
	}
	b.WriteString("exists (x=0)\n")
	t.Log(b.String())
	return programOf(t, m, b.String())
}

func ownerThread(t *rapid.T, i int) string {
	pick := func(what string, from ...string) string { return rapid.SampledFrom(from).Draw(t, fmt.Sprint(what, i)) }
	steps := []string{
		"*p = r0;", "*p = r0;", "r1 = *p;", "*p = *p + 1;", "r0 = READ_ONCE(*x);", "r0 = smp_load_acquire(y);", "smp_store_release(x, *p);",
		"WRITE_ONCE(*y, 1);", "WRITE_ONCE(*x, 2);", "smp_mb();", "smp_wmb();", "smp_rmb();", "if (r0 == *p) r1 = 3;",
	}
	own := func(s string) string { return "\t\t" + strings.ReplaceAll(s, "*p", fmt.Sprint("*p", i)) + "\n" }
	loop := pick("loop", "int r2 = 0;\n\twhile (r2 != 2) {\n\t\tr2 = r2 + 1;\n%s\t}\n", "r0 = READ_ONCE(*x);\n\twhile (r0 == 0) {\n%s\t\tr0 = READ_ONCE(*x);\n\t}\n")
	body := own("*p = r0;")
	for n := range rapid.IntRange(1, 2).Draw(t, fmt.Sprint("steps", i)) {
		body += own(pick(fmt.Sprint("step", n, "of"), steps...))
	}
	return "\tint r0 = 0;\n\tint r1 = 0;\n\t" + fmt.Sprintf(loop, body) + own(pick("tail", steps...)) + own(fmt.Sprintf("WRITE_ONCE(*o%d, r0 * 4 + r1 + *p);", i))
}

// sharedFinals finds the last values of what is not a thread's own. Under sc, whose accesses
// have no tags, that may be less than was meant.
func sharedFinals(t *rapid.T, p *ir.Program, m *model.Model, c explore.Config) (map[string]bool, explore.Stats) {
	found, own := map[string]bool{}, explore.Privates(p)
	stats, err := explore.RunGrowing(&patience{Context: context.Background()}, p, m.Plan, c, func(x *explore.Execution) error {
		if x.Failure() != nil {
			return nil // one that waits has no last values to compare
		}
		var values []string
		for c, cell := range p.Cells {
			if cell.Name != "" && !slices.Contains(own, c) {
				v, _ := x.Value(ir.Obs{Kind: ir.CellObs, Cell: c})
				values = append(values, fmt.Sprint(cell.Name, "=", v))
			}
		}
		found[strings.Join(values, " ")] = true
		return nil
	})
	if errors.Is(err, context.DeadlineExceeded) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	return found, stats
}
