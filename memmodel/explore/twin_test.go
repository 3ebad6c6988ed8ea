package explore_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"crosscall/memmodel/explore"
	"crosscall/memmodel/program"
	"crosscall/memmodel/rel"
	"crosscall/memmodel/twin"
)

// programs is how many random programs each test below compares on;
// -rapid.checks counts instead if it is given.
var programs = flag.Int("programs", 0, "random programs for each comparison with the naive checker (0: as many as the test wants)")

// limit is how many candidate executions a program may have. One with more is
// passed over.
const limit = 300

// check runs prop on n random programs.
func check(t *testing.T, n int, prop func(*rapid.T)) {
	t.Helper()
	if *programs > 0 {
		n = *programs
	}
	checks := flag.Lookup("rapid.checks")
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f == checks })
	if !given {
		old := checks.Value.String()
		defer checks.Value.Set(old)
		checks.Value.Set(fmt.Sprint(n))
	}
	rapid.Check(t, prop)
}

// A sample is a random program with all its candidate executions.
type sample struct {
	t     *rapid.T
	p     *program.Program
	bound int
	all   []*twin.Candidate
}

// draw draws a program. It skips those that have too many candidates.
func draw(t *rapid.T, d twin.Dialect, events int) *sample {
	s := &sample{t: t, p: twin.Programs(d, events).Draw(t, "program").Program, bound: rapid.IntRange(1, 2).Draw(t, "bound")}
	all, err := twin.Candidates(s.p, s.bound, limit)
	if err != nil {
		if !errors.Is(err, twin.ErrTooBig) {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	s.all = all
	return s
}

// describe is one execution in a line or two: two are the same if their
// descriptions are.
func describe(final, key string, failed bool, flags []string) string {
	return fmt.Sprintf("%s failed=%v flags=%q\n %s", final, failed, flags, key)
}

// naive is how often the twin finds each execution that m allows and keep
// lets through.
func (s *sample) naive(m *rel.Plan, keep func(*twin.Candidate) bool) map[string]int {
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

// explored is how often the explorer finds each execution.
func (s *sample) explored(m *rel.Plan, c explore.Config) (map[string]int, explore.Stats) {
	found := map[string]int{}
	n := int64(0)
	c.Bound = s.bound
	stats, err := explore.Run(context.Background(), s.p, m, c, func(x *explore.Execution) error {
		n++
		g := x.Graph()
		if twin.ThinAir(g) {
			return nil
		}
		final := twin.FinalOf(s.p, func(o program.Obs) int64 {
			v, ok := x.Value(o)
			if !ok {
				s.t.Errorf("%v has no value", o)
			}
			return v
		})
		_, failed := x.Failed()
		found[describe(final, twin.Key(g), failed, x.Flags())]++
		return nil
	})
	if bad := new(program.BadAddress); errors.As(err, &bad) {
		s.t.Skip(err) // the twin drops what the explorer reports
	}
	if err != nil {
		s.t.Fatalf("%v\n%s", err, twin.Text(s.p))
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
	s.t.Fatalf("%s, bound %d\n%s\n%s", what, s.bound, twin.Text(s.p), out)
}

func all(*twin.Candidate) bool { return true }

func (s *sample) compare(m *rel.Plan) {
	got, _ := s.explored(m, explore.Config{})
	s.same(m.Title, got, s.naive(m, all))
}

func TestTwinByHand(t *testing.T) {
	for _, m := range []*rel.Plan{twin.Free(), twin.Coherence(), twin.SC(), twin.TSO(), twin.Weak()} {
		t.Run(m.Title, func(t *testing.T) {
			check(t, 400, func(t *rapid.T) { draw(t, twin.Kernel, 9).compare(m) })
		})
	}
}

// TestTwinRandomPlans has models that are no models, to find what the explorer
// takes for granted of a model and must not.
func TestTwinRandomPlans(t *testing.T) {
	check(t, 1000, func(t *rapid.T) {
		s, m := draw(t, twin.Kernel, 8), twin.Plans().Draw(t, "plan").Plan
		got, _ := s.explored(m, explore.Config{})
		s.same(twin.PlanText(m), got, s.naive(m, all))
	})
}

// TestTwinProps asks for some of the final states.
func TestTwinProps(t *testing.T) {
	m := twin.TSO()
	check(t, 300, func(t *rapid.T) {
		s := draw(t, twin.Kernel, 9)
		q := twin.Props(s.p).Draw(t, "proposition")
		want := s.naive(m, func(c *twin.Candidate) bool { return c.Satisfies(q) })
		got, _ := s.explored(m, explore.Config{Filter: q})
		s.same("filter", got, want)
		got, _ = s.explored(m, explore.Config{Goal: q})
		s.same("goal", got, want)
	})
}

// TestTwinIgnoreChecks explores what the model forbids, too, and asks which.
func TestTwinIgnoreChecks(t *testing.T) {
	m := twin.Weak()
	check(t, 200, func(t *rapid.T) {
		s := draw(t, twin.Kernel, 8)
		want := map[string]int{}
		for _, c := range s.all {
			if o, ok := c.Judge(m); !o.ThinAir {
				want[fmt.Sprintln(ok, o.Key)]++
			}
		}
		got := map[string]int{}
		_, err := explore.Run(context.Background(), s.p, m, explore.Config{Bound: s.bound, IgnoreChecks: true}, func(x *explore.Execution) error {
			if g := x.Graph(); !twin.ThinAir(g) {
				got[fmt.Sprintln(g.Violated == "", twin.Key(g))]++
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		s.same("without checks", got, want)
	})
}

// TestTwinBound: where the explorer says that no loop wanted to go on, a
// higher bound finds nothing more.
func TestTwinBound(t *testing.T) {
	m := twin.SC()
	check(t, 300, func(t *rapid.T) {
		s := draw(t, twin.Kernel, 8)
		if _, stats := s.explored(m, explore.Config{}); stats.BoundHit {
			return
		}
		more, err := twin.Executions(s.p, m, s.bound+1, 10*limit)
		if errors.Is(err, twin.ErrTooBig) {
			t.Skip(err)
		}
		less, err := twin.Executions(s.p, m, s.bound, 10*limit)
		if err != nil || len(less) != len(more) {
			t.Fatalf("BoundHit is false, but there are %d executions within bound %d and %d beyond\n%s", len(less), s.bound, len(more), twin.Text(s.p))
		}
	})
}
