package explore_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"

	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/oracle"
	"crosscall/memmodel/internal/rel"

	"pgregory.net/rapid"
)

// An exploration that is divided, with each part explored apart, finds what one that is
// not finds: each execution once.
func TestTwinDivided(t *testing.T) {
	for _, name := range []string{"sc", "lkmm", "armv8", "power", "rc11", "x86-tso"} {
		t.Run(name, func(t *testing.T) {
			m, err := model.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			check(t, 20, func(t *rapid.T) {
				p := wildPrograms(oracle.Dialects[name], features{waits: rapid.Bool().Draw(t, "waits")}).Draw(t, "program").Program
				seed := rapid.Uint64().Draw(t, "seed")
				if seed%2 == 1 {
					p = doubled(t, p)
				}
				if seed%4 == 2 {
					p = raceProgram(t, oracle.Dialects[name])
					p.Waits = true
				}
				compareDivided(t, p, m.Plan, true, seed)
			})
			check(t, 20, func(t *rapid.T) {
				p := oracle.Programs(oracle.Dialects[name], 9).Draw(t, "program").Program
				seed := rapid.Uint64().Draw(t, "seed")
				compareDivided(t, p, m.Plan, rapid.Bool().Draw(t, "grows"), seed)
			})
		})
	}
}

func compareDivided(t *rapid.T, p *ir.Program, m *rel.Plan, grows bool, seed uint64) {
	want, got := map[string]int{}, map[string]int{}
	c := explore.Config{Bound: 2, OfAlike: seed%2 == 1, Flagged: tallyInto(p, "flagged", want)}
	whole, err := explore.RunPart(&patience{Context: context.Background()}, p, m, c, grows, tallyInto(p, "", want))
	if err != nil {
		t.Skip(err)
	}
	c.Flagged = tallyInto(p, "flagged", got)
	divided, runs, err := divide(p, m, c, grows, rand.New(rand.NewPCG(seed, 1)), got)
	if err != nil {
		t.Fatalf("divided: %v\n%s", err, oracle.Text(p))
	}
	if whole.BoundHit != divided.BoundHit || (whole.Cut == nil) != (divided.Cut == nil) || whole.Cut != nil && *whole.Cut != *divided.Cut {
		t.Fatalf("whole: bound %v, %v; divided: %v, %v\n%s", whole.BoundHit, whole.Cut, divided.BoundHit, divided.Cut, oracle.Text(p))
	}
	if !maps.Equal(got, want) {
		t.Fatalf("%d runs, divided %v\nwhole %v\n%s", runs, got, want, oracle.Text(p))
	}
}

// tallyInto counts executions by what memory holds in the end. Those in which several
// threads wait are not counted, only seen (see kinds), and no livelocks: one is looked for
// by one part only. Their keys begin with kind.
func tallyInto(p *ir.Program, kind string, found map[string]int) func(*explore.Execution) error {
	return func(x *explore.Execution) error {
		if f := x.Failure(); f != nil && f.Kind == explore.Livelock {
			return nil
		}
		key := fmt.Sprint(kind, x.Failure() == nil, explore.Endless(x), x.Flags())
		for cell := range p.Cells {
			v, ok := x.Value(ir.Obs{Kind: ir.CellObs, Cell: cell})
			key += fmt.Sprint(" ", v, ok)
		}
		if found[key]++; explore.Endless(x) > 1 {
			found[key] = 1
		}
		return nil
	}
}

// divide explores p in parts that end at random, in random order. Each part and what is
// left of it goes through JSON.
func divide(p *ir.Program, m *rel.Plan, c explore.Config, grows bool, r *rand.Rand, found map[string]int) (total explore.Stats, runs int, err error) {
	v := explore.NewDivision()
	type job struct {
		run  string
		part explore.Part
	}
	var jobs []job
	for !v.Done() {
		for run, part, ok := v.Next(); ok; run, part, ok = v.Next() {
			jobs = append(jobs, job{run, part})
		}
		if len(jobs) == 0 {
			return total, runs, errors.New("nothing can be done, and something is left")
		}
		i := r.IntN(len(jobs))
		j := jobs[i]
		jobs = append(jobs[:i], jobs[i+1:]...)
		most := 1 + r.IntN(6)
		w := &explore.Walk{Part: throughJSON(j.part), Stop: func(nodes int) bool { return nodes >= most }}
		c.Walk = w
		stats, err := explore.RunPart(context.Background(), p, m, c, grows, tallyInto(p, "", found))
		if err != nil {
			return total, runs, err
		}
		runs++
		total.BoundHit, total.Cut = total.BoundHit || stats.BoundHit, total.Cut.First(stats.Cut)
		left := throughJSON(w.Left)
		if err := v.Add(j.run, &left); err != nil {
			return total, runs, err
		}
		if v.Add(j.run, &left) == nil {
			return total, runs, errors.New("what is left of a run was added twice")
		}
	}
	return total, runs, nil
}

func throughJSON[T any](x T) (y T) {
	text, err := json.Marshal(x)
	if err == nil {
		err = json.Unmarshal(text, &y)
	}
	if err != nil {
		panic(err)
	}
	return y
}
