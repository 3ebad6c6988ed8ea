package explore_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/oracle"
	"crosscall/memmodel/internal/rel"

	"pgregory.net/rapid"
)

// TestTwinOperational compares the outcomes of programs with loops, pointers and
// locks with what a machine of the model does: how they can end, what memory holds
// then, which threads can wait forever, and which failures there are.
func TestTwinOperational(t *testing.T) {
	for _, name := range []string{"sc", "x86-tso"} {
		t.Run(name, func(t *testing.T) {
			m, err := model.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			d := oracle.Dialects[name]
			if name == "x86-tso" {
				d.Atomics = []string{"X"} // those that the hardware locks
				d.Fences = []string{"MFENCE"}
			}
			check(t, 200, func(t *rapid.T) {
				p := wildPrograms(d, features{waits: true, heap: rapid.Bool().Draw(t, "heap")}).Draw(t, "program").Program
				machine, err := operational(p, name == "x86-tso")
				if err != nil {
					t.Skip(err)
				}
				workers := rapid.IntRange(1, 2).Draw(t, "workers")
				agree(t, p, explored(t, p, m.Plan, workers), machine.outcomes())
			})
		})
	}
}

// explored is what the explorer says can come of p, worded as the machine does.
func explored(t *rapid.T, p *ir.Program, m *rel.Plan, workers int) map[string]bool {
	c := explore.Config{Workers: workers}
	for cell := range p.Cells {
		c.Finals = append(c.Finals, cell)
	}
	found := map[string]bool{}
	stats, err := explore.Run(context.Background(), p, m, c, func(x *explore.Execution) error {
		found[outcomeOf(t, p, x)] = true
		return nil
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, oracle.Text(p))
	}
	if stats.BoundHit {
		t.Skip("a loop goes on")
	}
	return found
}

func outcomeOf(t *rapid.T, p *ir.Program, x *explore.Execution) string {
	waiter := ""
	if f := x.Failure(); f != nil {
		switch f.Kind {
		case explore.BadAccess:
			return badAddress
		case explore.MemoryMisuse:
			return memoryMisuse
		case explore.AssertionFails:
			return assertionFails
		}
		waiter, _, _ = strings.Cut(f.Text, " ")
	}
	return lastly(waiter, p, func(cell int) int64 {
		v, ok := x.Value(ir.Obs{Kind: ir.CellObs, Cell: cell})
		if !ok {
			t.Errorf("%s has no value\n%s", p.Cells[cell].Name, oracle.Text(p))
		}
		return v
	})
}

// agree fails unless got is want. Of what goes wrong in one execution got may have one
// thing or another; and an assertion that fails in a round of waiting ends its thread,
// without which others may go wrong in a worse way.
func agree(t *rapid.T, p *ir.Program, got, want map[string]bool) {
	t.Helper()
	possible, missing := map[string]bool{}, false
	for outcome := range want {
		ways := strings.Split(outcome, or)
		for _, w := range ways {
			possible[w] = true
		}
		if outcome == assertionFails {
			ways = append(ways, badAddress, memoryMisuse)
		}
		missing = missing || !slices.ContainsFunc(ways, func(w string) bool { return got[w] })
	}
	wrong := false
	for outcome := range got {
		wrong = wrong || !possible[outcome]
	}
	if missing || wrong {
		t.Fatalf("explored\n  %s\nby the machine\n  %s\n%s", list(got), list(want), oracle.Text(p))
	}
}

func list(of map[string]bool) string {
	return strings.Join(slices.Sorted(maps.Keys(of)), "\n  ")
}

// TestTwinGrowing: of programs without loops, both explorers find the same
// executions, as many as there are.
func TestTwinGrowing(t *testing.T) {
	for _, name := range []string{"sc", "x86-tso", "lkmm", "rc11", "armv8"} {
		t.Run(name, func(t *testing.T) {
			m, err := model.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			check(t, 100, func(t *rapid.T) {
				p := wildPrograms(oracle.Dialects[name], features{}).Draw(t, "program").Program
				p.Waits = false
				want := ends(t, p, m.Plan, 1, false)
				p.Waits = true
				got := ends(t, p, m.Plan, rapid.IntRange(1, 2).Draw(t, "workers"), true)
				if !maps.Equal(got, want) {
					t.Fatalf("growing %v\nunfolded %v\n%s", got, want, oracle.Text(p))
				}
			})
		})
	}
}

// ends counts the executions in which nothing goes wrong by what memory holds in the
// end.
func ends(t *rapid.T, p *ir.Program, m *rel.Plan, workers int, growing bool) map[string]int {
	run := explore.Run
	if growing {
		run = explore.RunGrowing
	}
	found := map[string]int{}
	errRace, errBad := errors.New("what races is not promised to be found"), errors.New("bad address")
	_, err := run(context.Background(), p, m, explore.Config{Bound: 2, Workers: workers}, func(x *explore.Execution) error {
		if len(x.Flags()) > 0 {
			return errRace
		}
		if f := x.Failure(); f != nil && f.Kind == explore.BadAccess {
			return errBad
		} else if f == nil {
			found[outcomeOf(t, p, x)]++
		}
		return nil
	})
	if bad := new(ir.BadAddress); err == errRace || err == errBad || errors.As(err, &bad) {
		t.Skip(err)
	} else if err != nil {
		t.Fatalf("%v\n%s", err, oracle.Text(p))
	}
	return found
}
