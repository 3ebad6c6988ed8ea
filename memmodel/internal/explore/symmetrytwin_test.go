package explore_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/oracle"

	"pgregory.net/rapid"
)

// TestTwinAlike: of executions that differ in which of several threads with the same code does
// what, one is enough. The twin finds all; renamed in the one way that comes first, both are
// the same.
func TestTwinAlike(t *testing.T) {
	for _, name := range []string{"sc", "x86-tso", "lkmm", "armv8", "power", "rc11"} {
		t.Run(name, func(t *testing.T) {
			m, err := model.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			check(t, 20, func(t *rapid.T) {
				p := doubled(t, wildPrograms(oracle.Dialects[name], features{waits: rapid.Bool().Draw(t, "waits")}).Draw(t, "program").Program)
				kinds := codesOf(p)
				c := explore.Config{Bound: 2}
				want, missed := tallyUnnumbered(t, p, m, c, kinds)
				if len(missed) > 0 {
					t.Fatalf("not found in all orders of threads:\n%s\n%s", strings.Join(missed, "\n"), oracle.Text(p))
				}
				c.OfAlike = true
				got, _ := tallyUnnumbered(t, p, m, c, kinds)
				if !maps.Equal(got, want) {
					t.Fatalf("%s\n%s", differences(got, want), oracle.Text(p))
				}
			})
		})
	}
}

// doubled is p with the code of one of its threads in the place of another's.
func doubled(t *rapid.T, p *ir.Program) *ir.Program {
	q := *p
	q.Threads = slices.Clone(p.Threads)
	a, b := rapid.IntRange(0, len(p.Threads)-1).Draw(t, "from"), rapid.IntRange(0, len(p.Threads)-1).Draw(t, "to")
	q.Threads[b] = q.Threads[a]
	return &q
}

// codesOf numbers the threads by their code.
func codesOf(p *ir.Program) (kinds []int) {
	for t := range p.Threads {
		first := slices.IndexFunc(p.Threads, func(u ir.Thread) bool {
			return explore.CodeOf(&u) == explore.CodeOf(&p.Threads[t])
		})
		kinds = append(kinds, first)
	}
	return kinds
}

// tallyUnnumbered has the executions in words, each once, with the threads of a kind in the
// order in which the words come first. missed are those that are found in another order alone.
func tallyUnnumbered(t *rapid.T, p *ir.Program, m *model.Model, c explore.Config, kinds []int) (found map[string]int, missed []string) {
	orders := ordersWithin(kinds)
	numbered, all := map[string]bool{}, map[string]bool{}
	found = tally(t, p, m.Plan, c, func(x *explore.Execution) string {
		g := x.Graph()
		var words []string
		for _, order := range orders {
			w := inWords(g, func(thread int) int { return order[thread] })
			words = append(words, w)
			all[w] = true
		}
		numbered[inWords(g, func(thread int) int { return thread })] = true
		return slices.Min(words)
	})
	for k := range found {
		found[k] = 1
	}
	for _, w := range slices.Sorted(maps.Keys(all)) {
		if !numbered[w] {
			missed = append(missed, w)
		}
	}
	return found, missed
}

// ordersWithin lists the ways to number threads anew, within each kind.
func ordersWithin(kinds []int) (list [][]int) {
	order := make([]int, len(kinds))
	used := make([]bool, len(kinds))
	var place func(t int)
	place = func(t int) {
		if t == len(kinds) {
			list = append(list, slices.Clone(order))
			return
		}
		for u := range kinds {
			if !used[u] && kinds[u] == kinds[t] {
				used[u], order[t] = true, u
				place(t + 1)
				used[u] = false
			}
		}
	}
	place(0)
	return list
}

// TestAlike has the smallest executions: threads that add, and see in which order they do; that
// write without order; that take a lock; and two kinds of threads.
func TestAlike(t *testing.T) {
	for _, c := range []struct {
		threads  []string
		all, one int64
	}{
		{[]string{"atomic_inc(&a);", "atomic_inc(&a);", "atomic_inc(&a);"}, 6, 1},
		{[]string{"WRITE_ONCE(x, 1); r0 = READ_ONCE(x);", "WRITE_ONCE(x, 1); r0 = READ_ONCE(x);"}, 4, 2},
		{[]string{"spin_lock(&l); x++; spin_unlock(&l);", "spin_lock(&l); x++; spin_unlock(&l);", "spin_lock(&l); x++; spin_unlock(&l);"}, 6, 1},
		{[]string{"xchg(&x, 1);", "xchg(&x, 2);", "xchg(&x, 1);", "xchg(&x, 2);"}, 24, 6},
		{[]string{"xchg(&x, 1);", "xchg(&x, 2);"}, 2, 2},
	} {
		m, err := model.Load("lkmm")
		if err != nil {
			t.Fatal(err)
		}
		for _, of := range []struct {
			alike bool
			want  int64
		}{{false, c.all}, {true, c.one}} {
			p := compile(t, m, c.threads)
			if stats := count(t, p, m.Plan, explore.Config{OfAlike: of.alike}); stats.Executions != of.want {
				t.Errorf("%q, OfAlike %t: %d executions, want %d", c.threads, of.alike, stats.Executions, of.want)
			}
		}
	}
}
