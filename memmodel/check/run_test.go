package check

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"crosscall/internal/golden"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/litmus"
	"crosscall/memmodel/internal/model"

	"github.com/google/go-cmp/cmp"
)

func lkmm(t testing.TB) *model.Model {
	t.Helper()
	m, err := model.Load("lkmm")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// compiled reads a test for a model.
func compiled(t testing.TB, name string, m *model.Model) *ir.Test {
	t.Helper()
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	ast, err := litmus.Parse(name, src)
	if err != nil {
		t.Fatal(err)
	}
	test, err := ast.Compile(m.Macros)
	if err != nil {
		t.Fatal(err)
	}
	return test
}

func inFolder(t testing.TB, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(names), err)
	}
	return names
}

var (
	timeLine = regexp.MustCompile(`(?m)^Time .*\n`)
	raceLine = regexp.MustCompile(`(?m)^Race .*\n`)
)

// text is r as text, without the time.
func text(t testing.TB, r *Result) string {
	t.Helper()
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	var b strings.Builder
	if err := r.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	s := b.String()
	if !timeLine.MatchString(s) {
		t.Errorf("no time in\n%s", s)
	}
	return timeLine.ReplaceAllString(s, "")
}

// The files *.out are what herd7 7.58 prints for these tests, under the model
// of Linux 6.12, without the lines of time and hash. The lines "Race" are added
// here.
func TestTextIsHerds(t *testing.T) {
	m := lkmm(t)
	for _, name := range inFolder(t, "testdata/herd/*.litmus") {
		want, err := os.ReadFile(strings.TrimSuffix(name, "litmus") + "out")
		if err != nil {
			t.Fatal(err)
		}
		r := Run(t.Context(), compiled(t, name, m), m, Options{})
		if diff := cmp.Diff(string(want), raceLine.ReplaceAllString(text(t, r), "")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestTextOfTheVerdictAlone(t *testing.T) {
	m := lkmm(t)
	var all strings.Builder
	for _, name := range inFolder(t, "testdata/herd/*.litmus") {
		all.WriteString(text(t, Run(t.Context(), compiled(t, name, m), m, Options{VerdictOnly: true})))
	}
	golden.Compare(t, "testdata/verdict.out", all.String())
}

func TestTextOfLoops(t *testing.T) {
	m := lkmm(t)
	var all strings.Builder
	for _, name := range inFolder(t, "testdata/loop/*.litmus") {
		test := compiled(t, name, m)
		all.WriteString(text(t, Run(t.Context(), test, m, Options{})))
		all.WriteString(text(t, Run(t.Context(), test, m, Options{Bound: 5, VerdictOnly: true})))
	}
	golden.Compare(t, "testdata/loop.out", all.String())
}

// VerdictOnly gives the same verdict as the exploration of all executions.
func TestBothWaysToTheVerdict(t *testing.T) {
	m := lkmm(t)
	for _, name := range inFolder(t, "testdata/herd/*.litmus") {
		test := compiled(t, name, m)
		for _, quant := range []ir.Quantifier{ir.Exists, ir.NotExists, ir.ForAll} {
			test.Quant = quant
			all := Run(t.Context(), test, m, Options{})
			one := Run(t.Context(), test, m, Options{VerdictOnly: true})
			if all.Verdict != one.Verdict || all.Observation != one.Observation && all.Observation != one.Otherwise {
				t.Errorf("%s, quantifier %d: %s %s, by the verdict alone %s %s or %s", name, quant,
					all.Verdict, all.Observation, one.Verdict, one.Observation, one.Otherwise)
			}
		}
	}
}

// The timeout must be reached on any machine.
func TestTimeout(t *testing.T) {
	m := lkmm(t)
	r := Run(t.Context(), compiled(t, "testdata/huge/huge.litmus", m), m, Options{Timeout: 20 * time.Millisecond})
	if r.Verdict != Incomplete || r.Complete || r.Reason != "timeout: more than 20ms" {
		t.Errorf("%s, complete %t, %q, error %v", r.Verdict, r.Complete, r.Reason, r.Err)
	}
	if s := text(t, r); !strings.Contains(s, "\nUnknown\n") || !strings.Contains(s, "Incomplete huge timeout") {
		t.Error(s)
	}
}

func TestAnInterruptIsNoTimeout(t *testing.T) {
	m := lkmm(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := Run(ctx, compiled(t, "testdata/herd/mp.litmus", m), m, Options{Timeout: 1e18})
	if r.Verdict != Incomplete || r.Reason != interrupted {
		t.Errorf("%s, %q, error %v", r.Verdict, r.Reason, r.Err)
	}
}

func TestPictures(t *testing.T) {
	m := lkmm(t)
	for _, c := range []struct {
		name  string
		quant ir.Quantifier
		final string // the final state in the picture
		legal bool
	}{
		{"mp", ir.Exists, "1:got=0 1:saw=1", true},
		{"mp", ir.NotExists, "1:got=0 1:saw=1", true},
		{"mp-release-acquire", ir.Exists, "1:got=0 1:saw=1", false},
		{"mp-release-acquire", ir.NotExists, "1:got=0 1:saw=1", false},
		{"counterexample", ir.ForAll, "0:r=0 1:r=0", true},
	} {
		test := compiled(t, "testdata/herd/"+c.name+".litmus", m)
		test.Quant = c.quant
		for _, only := range []bool{false, true} {
			r := Run(t.Context(), test, m, Options{Picture: true, VerdictOnly: only})
			if r.Err != nil || r.Picture == nil {
				t.Errorf("%s: no picture, error %v", c.name, r.Err)
				continue
			}
			p := r.Picture
			if p.Name != c.name || strings.Join(p.Final, " ") != c.final {
				t.Errorf("%s: picture of %s with %v", c.name, p.Name, p.Final)
			}
			if (p.Violated == "") != c.legal || (len(p.Cycle) == 0) != c.legal {
				t.Errorf("%s: violated %q, cycle %v", c.name, p.Violated, p.Cycle)
			}
		}
	}
}

// An impossible state is not drawn, only reported. An execution that every
// model forbids is drawn if there is no better one.
func TestPicturesOfTheImpossible(t *testing.T) {
	m := lkmm(t)
	never := compiled(t, "testdata/herd/mp.litmus", m)
	never.Cond = &ir.Prop{Op: ir.Any}
	r := Run(t.Context(), never, m, Options{Picture: true})
	if r.Err != nil || r.Verdict != Fails || r.Picture != nil || !strings.HasPrefix(r.NoPicture, "no execution decides") {
		t.Errorf("%s, %q, error %v", r.Verdict, r.NoPicture, r.Err)
	}
	incoherent := compiled(t, "testdata/herd/required.litmus", m)
	r = Run(t.Context(), incoherent, m, Options{Picture: true})
	if r.Err != nil || r.Verdict != Holds || r.Picture == nil || r.Picture.Violated == "" {
		t.Errorf("%s, %q, error %v", r.Verdict, r.NoPicture, r.Err)
	}
}
