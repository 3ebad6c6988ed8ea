package explore_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
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

// programs is how many random programs each test below compares on;
// -rapid.checks counts instead if it is given.
var programs = flag.Int("programs", 0, "random programs for each comparison with the naive checker (0: as many as the test wants, a fifteenth with -short)")

var fewer = flag.Int("fewer", 1, "divide the number of programs that a test wants by `N`")

// limit is how many candidate executions a program may have. One with more is
// passed over.
const limit = 300

// check runs prop on n random programs; with -short on a third of them, of which rapid
// takes a fifth. A failure is reproduced by its seed; no file is written for it.
func check(t *testing.T, n int, prop func(*rapid.T)) {
	t.Helper()
	share := max(1, *fewer)
	if testing.Short() {
		share = 3
	}
	n = max(min(n, 5), n/share)
	if *programs > 0 {
		n = *programs
	}
	set := map[string]string{"rapid.checks": fmt.Sprint(n), "rapid.nofailfile": "true"}
	flag.Visit(func(f *flag.Flag) { delete(set, f.Name) })
	for name, value := range set {
		v := flag.Lookup(name).Value
		old := v.String()
		defer v.Set(old)
		v.Set(value)
	}
	rapid.Check(t, prop)
}

// A sample is a random program with all its candidate executions.
type sample struct {
	t       *rapid.T
	p       *ir.Program
	bound   int
	workers int
	grows   bool // by the explorer for programs that cannot be unfolded
	all     []*oracle.Candidate
}

// draw draws a program. It skips those that have too many candidates.
func draw(t *rapid.T, d oracle.Dialect, events int) *sample {
	s := &sample{
		t: t, p: oracle.Programs(d, events).Draw(t, "program").Program,
		bound: rapid.IntRange(1, 2).Draw(t, "bound"), workers: rapid.IntRange(0, 3).Draw(t, "workers"),
		grows: rapid.Bool().Draw(t, "grows"),
	}
	all, err := oracle.Candidates(s.p, s.bound, limit)
	if err != nil {
		if !errors.Is(err, oracle.ErrTooBig) {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	s.all = all
	return s
}

// describe is one execution in a line or two: two are the same if their
// descriptions are.
func describe(final, key string, failed string, flags []string) string {
	return fmt.Sprintf("%s failed=%q flags=%q\n %s", final, failed, flags, key)
}

// strays tells what Run is to say of accesses to no variable: that there are
// some, that there are none, or either, if there are some in executions out of
// thin air.
func (s *sample) strays(m *rel.Plan) (must, may bool) {
	for _, c := range s.all {
		if !c.Stray() {
			continue
		}
		if o, ok := c.Judge(m); ok {
			must, may = must || !o.ThinAir, true
		}
	}
	return must, may
}

// tame skips programs with accesses to no variable.
func (s *sample) tame() *sample {
	if _, may := s.strays(oracle.Free()); may {
		s.t.Skip("accesses to no variable")
	}
	return s
}

// naive is how often the twin finds each execution that m allows and keep
// lets through.
func (s *sample) naive(m *rel.Plan, keep func(*oracle.Candidate) bool) map[string]int {
	found := map[string]int{}
	for _, c := range s.all {
		if !keep(c) {
			continue
		}
		if o, ok := c.Judge(m); ok && !o.ThinAir {
			found[describe(o.Final, o.Key, o.Failed, o.Flags)]++
		}
	}
	return found
}

// run explores s.
func (s *sample) run(m *rel.Plan, c explore.Config, each func(*explore.Execution) error) (explore.Stats, error) {
	c.Bound, c.Workers = s.bound, s.workers
	for cell := range s.p.Cells {
		c.Finals = append(c.Finals, cell)
	}
	run := explore.RunUnfolded
	if s.grows {
		run = explore.RunGrowing
	}
	return run(context.Background(), s.p, m, c, each)
}

// explored is how often the explorer finds each execution.
func (s *sample) explored(m *rel.Plan, c explore.Config) (map[string]int, explore.Stats) {
	found := map[string]int{}
	n := int64(0)
	stats, err := s.run(m, c, func(x *explore.Execution) error {
		n++
		g := x.Graph()
		if oracle.ThinAir(g) {
			return nil
		}
		final := oracle.FinalOf(s.p, func(o ir.Obs) int64 {
			v, ok := x.Value(o)
			if !ok {
				s.t.Errorf("%v has no value", o)
			}
			return v
		})
		failed := ""
		if in, ok := x.Failed(); ok {
			failed = in.Text
		}
		found[describe(final, oracle.Key(g), failed, x.Flags())]++
		return nil
	})
	if err != nil {
		s.t.Fatalf("%v\n%s", err, oracle.Text(s.p))
	}
	if stats.Executions != n {
		s.t.Errorf("Stats.Executions is %d, but there were %d", stats.Executions, n)
	}
	return found, stats
}

// same fails unless the explorer finds what the twin finds, each as often.
func (s *sample) same(what string, got, want map[string]int) {
	if maps.Equal(got, want) {
		return
	}
	keys := slices.Sorted(maps.Keys(got))
	for _, k := range slices.Sorted(maps.Keys(want)) {
		if _, ok := got[k]; !ok {
			keys = append(keys, k)
		}
	}
	out := ""
	for _, k := range keys {
		if got[k] != want[k] {
			out += fmt.Sprintf("explored %d times, should be %d: %s\n", got[k], want[k], k)
		}
	}
	s.t.Fatalf("%s, bound %d\n%s\n%s", what, s.bound, oracle.Text(s.p), out)
}

func all(*oracle.Candidate) bool { return true }

// compare compares the executions of s under m.
func (s *sample) compare(what string, m *rel.Plan) {
	if must, may := s.strays(m); may {
		stats, err := s.run(m, explore.Config{}, func(*explore.Execution) error { return nil })
		if bad := new(ir.BadAddress); must && !errors.As(err, &bad) && !stats.BoundHit {
			s.t.Fatalf("%s, bound %d: access to no variable not reported: %v\n%s", what, s.bound, err, oracle.Text(s.p))
		}
		return
	}
	got, _ := s.explored(m, explore.Config{})
	s.same(what, got, s.naive(m, all))
}

func TestTwinByHand(t *testing.T) {
	for _, m := range []*rel.Plan{oracle.Free(), oracle.Coherence(), oracle.SC(), oracle.TSO(), oracle.Weak()} {
		t.Run(m.Title, func(t *testing.T) {
			check(t, 300, func(t *rapid.T) { draw(t, oracle.Kernel, 9).compare(m.Title, m) })
		})
	}
}

// TestTwinShipped has the models that come with the program, each on programs
// with its own tags.
func TestTwinShipped(t *testing.T) {
	for _, name := range model.Names() {
		t.Run(name, func(t *testing.T) {
			m, err := model.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			d, ok := oracle.Dialects[name]
			if !ok {
				t.Fatal("no dialect")
			}
			check(t, 300, func(t *rapid.T) { draw(t, d, 9).compare(name, m.Plan) })
		})
	}
}

// TestDialects: programs for a shipped model are made of all tags that it
// knows.
func TestDialects(t *testing.T) {
	for _, name := range model.Names() {
		m, err := model.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		drawn := map[string]bool{}
		for _, w := range oracle.Dialects[name].Words() {
			for _, tag := range strings.Fields(w) {
				drawn[rel.SetName(tag)] = true
			}
		}
		for _, n := range m.Plan.Nodes {
			if n.Op == rel.BaseSet && !oracle.Builtin(n.Name) && !drawn[n.Name] {
				t.Errorf("%s: no program has tag %s", name, n.Name)
			}
		}
	}
}

// TestTwinRandomPlans has models that are no models, to find what the explorer
// takes for granted of a model and must not.
func TestTwinRandomPlans(t *testing.T) {
	check(t, 1000, func(t *rapid.T) {
		s, m := draw(t, oracle.Kernel, 8), oracle.Plans().Draw(t, "plan").Plan
		s.compare(oracle.PlanText(m), m)
	})
}

// TestTwinProps asks for some of the final states.
func TestTwinProps(t *testing.T) {
	m := oracle.TSO()
	check(t, 300, func(t *rapid.T) {
		s := draw(t, oracle.Kernel, 9).tame()
		q := oracle.Props(s.p).Draw(t, "proposition")
		want := s.naive(m, func(c *oracle.Candidate) bool { return c.Satisfies(q) })
		got, _ := s.explored(m, explore.Config{Filter: q})
		s.same("filter", got, want)
		got, _ = s.explored(m, explore.Config{Goal: q})
		s.same("goal", got, want)
	})
}

// TestTwinIgnoreChecks explores what the model forbids, too, and asks which.
func TestTwinIgnoreChecks(t *testing.T) {
	m := oracle.Weak()
	perLocation := oracle.Coherence()
	perLocation.Checks = perLocation.Checks[:1] // without atomicity
	check(t, 300, func(t *rapid.T) {
		s := draw(t, oracle.Kernel, 8).tame()
		coherent := rapid.Bool().Draw(t, "coherent")
		want := map[string]int{}
		for _, c := range s.all {
			if _, ok := c.Judge(perLocation); coherent && !ok {
				continue
			}
			if o, ok := c.Judge(m); !o.ThinAir {
				want[fmt.Sprintln(ok, o.Key)]++
			}
		}
		got := map[string]int{}
		_, err := s.run(m, explore.Config{IgnoreChecks: true, Coherent: coherent}, func(x *explore.Execution) error {
			if g := x.Graph(); !oracle.ThinAir(g) {
				got[fmt.Sprintln(g.Violated == "", oracle.Key(g))]++
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		s.same(fmt.Sprint("without checks, coherent ", coherent), got, want)
	})
}

// TestTwinBound: where the explorer says that no loop wanted to go on, a
// higher bound finds nothing more.
func TestTwinBound(t *testing.T) {
	m := oracle.SC()
	check(t, 300, func(t *rapid.T) {
		s := draw(t, oracle.Kernel, 8).tame()
		if _, stats := s.explored(m, explore.Config{}); stats.BoundHit {
			return
		}
		more, err := oracle.Executions(s.p, m, s.bound+1, 10*limit)
		if errors.Is(err, oracle.ErrTooBig) {
			t.Skip(err)
		}
		less, err := oracle.Executions(s.p, m, s.bound, 10*limit)
		if err != nil || len(less) != len(more) {
			t.Fatalf("BoundHit is false, but there are %d executions within bound %d and %d beyond\n%s", len(less), s.bound, len(more), oracle.Text(s.p))
		}
	})
}
