package explore_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/oracle"

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
				p := oracle.Programs(oracle.Dialects[name], 9).Draw(t, "program").Program
				if !slices.ContainsFunc(p.Threads, hasLoop) {
					t.Skip("no loop")
				}
				if _, err := oracle.Candidates(p, 2, 10*limit); errors.Is(err, oracle.ErrTooBig) {
					t.Skip(err)
				}
				rounds := finals(t, p, m)
				p.Waits = true
				if waits := finals(t, p, m); !maps.Equal(rounds, waits) {
					t.Errorf("round by round %v\nwaiting %v\n%s", rounds, waits, oracle.Text(p))
				}
			})
		})
	}
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
// wrong.
func finals(t *rapid.T, p *ir.Program, m *model.Model) map[string]bool {
	found := map[string]bool{}
	errRace := errors.New("what races is not promised to be found")
	_, err := explore.Run(context.Background(), p, m.Plan, explore.Config{Bound: 2}, func(x *explore.Execution) error {
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
		found[fmt.Sprint(values)] = true
		return nil
	})
	if bad := new(ir.BadAddress); err == errRace || errors.As(err, &bad) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	return found
}
