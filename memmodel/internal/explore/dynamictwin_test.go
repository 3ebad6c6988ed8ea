package explore_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"testing"

	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/oracle"
	"crosscall/memmodel/internal/rel"

	"pgregory.net/rapid"
)

// Each shortcut of the dynamic explorer has a dumb twin: the explorer without it. Both
// have to find the same executions, under models that allow load buffering and others.

// TestTwinPostpone: reads are postponed where that may pay, or always.
func TestTwinPostpone(t *testing.T) { compareConfigs(t, explore.PostponeAll) }

// TestTwinForced: reads that are no choice are decided at once, or as all others are.
func TestTwinForced(t *testing.T) { compareConfigs(t, explore.ForceNone) }

// TestTwinLoadBuffering: threads go on without a value where the model allows load
// buffering, or always.
func TestTwinLoadBuffering(t *testing.T) { compareConfigs(t, explore.AssumeWeak) }

// TestTwinAllPlain is all three at once.
func TestTwinAllPlain(t *testing.T) {
	compareConfigs(t, func(c explore.Config) explore.Config {
		return explore.PostponeAll(explore.ForceNone(explore.AssumeWeak(c)))
	})
}

func compareConfigs(t *testing.T, plain func(explore.Config) explore.Config) {
	for _, name := range []string{"sc", "lkmm", "armv8", "power", "riscv", "rc11"} {
		t.Run(name, func(t *testing.T) {
			m, err := model.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			check(t, 25, func(t *rapid.T) {
				p := wildPrograms(oracle.Dialects[name], features{waits: rapid.Bool().Draw(t, "waits")}).Draw(t, "program").Program
				c := explore.Config{Bound: 2}
				got, want := kinds(t, p, m.Plan, c), kinds(t, p, m.Plan, plain(c))
				if !maps.Equal(got, want) {
					t.Fatalf("as it is %v\nplain %v\n%s", got, want, oracle.Text(p))
				}
			})
		})
	}
}

// kinds counts the executions by what goes wrong in them, and by what memory holds in the
// end.
func kinds(t *rapid.T, p *ir.Program, m *rel.Plan, c explore.Config) map[string]int {
	return tally(t, p, m, c, func(x *explore.Execution) string {
		key := ""
		if f := x.Failure(); f != nil {
			key = "fails"
			if f.Kind == explore.Livelock || f.Kind == explore.Deadlock {
				key = "waits"
			}
		}
		for cell := range p.Cells {
			v, ok := x.Value(ir.Obs{Kind: ir.CellObs, Cell: cell})
			key += fmt.Sprint(" ", v, ok)
		}
		return fmt.Sprint(key, " waiting ", explore.Endless(x))
	})
}

// tally counts the executions of p by their keys, and 1 for each key of executions in
// which several threads wait, or an assertion fails. The first may be found more than once,
// by the reads that are blocked first. The second may differ in what a thread does behind
// the assertion that fails: it goes on where it does not yet know the values.
func tally(t *rapid.T, p *ir.Program, m *rel.Plan, c explore.Config, key func(*explore.Execution) string) map[string]int {
	found := map[string]int{}
	errRace := errors.New("what races is not promised to be found")
	stats, err := explore.RunGrowing(&patience{Context: context.Background()}, p, m, c, func(x *explore.Execution) error {
		if len(x.Flags()) > 0 {
			return errRace
		}
		k := key(x)
		if found[k]++; explore.Endless(x) > 1 || fails(x) {
			found[k] = 1
		}
		return nil
	})
	switch {
	case errors.Is(err, errRace) || errors.Is(err, context.DeadlineExceeded) || stats.BoundHit:
		t.Skip("races, or goes on")
	case err != nil:
		t.Fatalf("%v\n%s", err, oracle.Text(p))
	}
	return found
}

func fails(x *explore.Execution) bool {
	_, failed := x.Failed()
	return failed
}
