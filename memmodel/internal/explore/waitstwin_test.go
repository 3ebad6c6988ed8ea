package explore_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/oracle"
	"crosscall/memmodel/internal/rel"

	"pgregory.net/rapid"
)

// TestTwinWaits: leaving out the rounds of loops that change nothing leaves out
// no final state. (The registers of such a round are not looked at: nobody does
// who comes after it.)
func TestTwinWaits(t *testing.T) {
	for _, name := range []string{"lkmm", "rc11", "armv8", "power", "x86-tso"} {
		t.Run(name, func(t *testing.T) {
			m, err := model.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			check(t, 200, func(t *rapid.T) {
				p := drawLoop(t, name)
				rounds, _ := finals(t, explore.RunUnfolded, p, m, 2)
				p.Waits = true
				if waits, _ := finals(t, explore.Run, p, m, 2); !sameKeys(rounds, waits) {
					t.Errorf("round by round %v\nwaiting %v\n%s", rounds, waits, oracle.Text(p))
				}
			})
		})
	}
}

// drawLoop draws programs until one has a loop and is not too big.
func drawLoop(t *rapid.T, dialect string) *ir.Program {
	for range 100 {
		p := oracle.Programs(oracle.Dialects[dialect], 9).Draw(t, "program").Program
		if !slices.ContainsFunc(p.Threads, hasLoop) || slices.ContainsFunc(p.Threads, hasPair) {
			continue
		}
		if _, err := oracle.Candidates(p, 2, 10*limit); !errors.Is(err, oracle.ErrTooBig) {
			return p
		}
	}
	t.Skip("no loop, or too big")
	return nil
}

// hasPair reports whether a thread has an access of a pair. The dialect draws the two of a
// pair apart, and a loop that begins between them would be no loop of instructions.
func hasPair(th ir.Thread) bool {
	return slices.ContainsFunc(th.Instr, func(in ir.Instr) bool {
		return slices.ContainsFunc(in.Tags, func(tag string) bool { return strings.HasPrefix(tag, "pair.") })
	})
}

func hasLoop(th ir.Thread) bool {
	for i, in := range th.Instr {
		if in.Op == ir.Jump && in.Target <= i {
			return true
		}
	}
	return false
}

// finals are the last values of cells in the executions in which nothing goes
// wrong, and how often each is found.
func finals(t *rapid.T, run runner, p *ir.Program, m *model.Model, bound int) (map[string]int, explore.Stats) {
	found := map[string]int{}
	errRace := errors.New("what races is not promised to be found")
	stats, err := run(&patience{Context: context.Background()}, p, m.Plan, explore.Config{Bound: bound}, func(x *explore.Execution) error {
		if len(x.Flags()) > 0 {
			return errRace
		}
		if x.Failure() != nil {
			return nil // one that waits has no last values to compare
		}
		var values []string
		for c := range p.Cells {
			v, ok := x.Value(ir.Obs{Kind: ir.CellObs, Cell: c})
			values = append(values, fmt.Sprint(v, ok))
		}
		found[fmt.Sprint(values)]++
		return nil
	})
	if bad := new(ir.BadAddress); err == errRace || errors.As(err, &bad) || errors.Is(err, context.DeadlineExceeded) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	return found, stats
}

// A runner is an explorer.
type runner func(context.Context, *ir.Program, *rel.Plan, explore.Config, func(*explore.Execution) error) (explore.Stats, error)

func sameKeys(a, b map[string]int) bool {
	in := func(m map[string]int) func(string, int) bool {
		return func(key string, _ int) bool { return m[key] > 0 }
	}
	one, other := maps.Clone(a), maps.Clone(b)
	maps.DeleteFunc(one, in(b))
	maps.DeleteFunc(other, in(a))
	return len(one)+len(other) == 0
}

// patience is a context that is over when it has been asked so often: how far an explorer
// comes until then does not depend on how fast the machine is.
type patience struct {
	context.Context
	asked atomic.Int64
}

func (p *patience) Err() error {
	if p.asked.Add(1) > 30000 {
		return context.DeadlineExceeded
	}
	return nil
}
