package audit

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"crosscall/memmodel/check"
	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/litmus"
	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/primitive"

	"pgregory.net/rapid"
)

// A twin audits by brute force: it explores the program in full for every
// combination of primitives at its sites. It has no cache and uses no order of
// primitives.
type twin struct {
	in      *Input
	model   *model.Model
	macros  *primitive.Macros
	lattice *lattice
	racy    bool               // the unchanged program has flags
	passed  map[graph.Pos]bool // places of events in its executions
	outcome map[string]Outcome
}

func newTwin(t tester, in *Input, m *model.Model, plain bool) *twin {
	macros, err := table(m)
	if err != nil {
		t.Fatalf("%v", err)
	}
	w := &twin{in: in, model: m, macros: macros, outcome: make(map[string]Outcome)}
	w.lattice = &lattice{has: func(name string) bool { return has(macros, name) }, plain: plain}
	_, flags := w.explore(t, nil)
	w.racy = len(flags) > 0
	w.passed = w.places(t)
	return w
}

// places are the places of all events in all executions of the unchanged program.
func (w *twin) places(t tester) map[graph.Pos]bool {
	test, err := w.in.Programs[0].Source.Compile(w.macros, nil)
	if err != nil {
		t.Fatalf("%v", err)
	}
	passed := map[graph.Pos]bool{}
	_, err = explore.Run(context.Background(), test.Prog, w.model.Plan, explore.Config{Filter: test.Filter}, func(x *explore.Execution) error {
		for _, e := range x.Graph().Events {
			passed[e.Pos] = true
		}
		return nil
	})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return passed
}

type tester interface {
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

func (w *twin) explore(t tester, c change) (verdict bool, flags []string) {
	test, err := w.in.Programs[0].Source.Compile(w.macros, c)
	if err != nil {
		t.Fatalf("%v: %v", c, err)
	}
	r := check.Run(context.Background(), test, w.model, check.Options{})
	if r.Err != nil || !r.Complete {
		t.Fatalf("%v: %v %s", c, r.Err, r.Reason)
	}
	if !test.Safety && test.Quant == ir.Exists {
		return r.Positive == 0, r.Flags
	}
	return r.Verdict == check.Holds, r.Flags
}

func (w *twin) keeps(t tester, c change) Outcome {
	key := fmt.Sprint(c)
	if o, ok := w.outcome[key]; ok {
		return o
	}
	w.outcome[key] = Breaks
	if ok, flags := w.explore(t, c); ok && (w.racy || len(flags) == 0) {
		w.outcome[key] = Keeps
	}
	return w.outcome[key]
}

// checkFinding compares one finding with the results of all replacements of its
// barrier.
func (w *twin) checkFinding(t tester, s Site, f *Finding) {
	kept := make(map[string]bool)
	for _, name := range w.lattice.below(s.Name) {
		if w.keeps(t, change{s.Pos: name}) == Keeps {
			kept[name] = true
		}
	}
	var weakest []string
	for name := range kept {
		if !slices.ContainsFunc(w.lattice.below(name), func(b string) bool { return kept[b] }) {
			weakest = append(weakest, name)
		}
	}
	want := Weaker
	switch {
	case len(w.lattice.below(s.Name)) == 0:
		want = NotWeakens
	case len(kept) == 0:
		want = Needed
	case slices.ContainsFunc(w.lattice.weakest(s.Name), func(b string) bool { return kept[b] }):
		want = NotNeeded
		if !f.Same && !w.passed[s.Pos] {
			want = NotReached
		}
	}
	slices.Sort(weakest)
	got := slices.Sorted(slices.Values(f.Instead))
	if f.Status != want || !slices.Equal(got, weakest) {
		t.Errorf("%s under %s: %s: %s %q, want %s %q", w.in.File, w.model.Name, s.Text, f.Status, got, want, weakest)
	}
}

// checkMinimal checks that a set is enough, and that no barrier in it can be
// weakened.
func (w *twin) checkMinimal(t tester, sites []Site, r *ModelReport) {
	m := r.Minimal
	now := change{}
	for i, s := range sites {
		now[s.Pos] = m.Now[i]
	}
	if !m.Complete || w.keeps(t, w.differs(sites, now)) != Keeps {
		t.Errorf("%s under %s: minimal set %q: complete %v, or it breaks the promise", w.in.File, w.model.Name, m.Now, m.Complete)
	}
	for i, s := range sites {
		if r.Findings[i].Status == NotReached {
			continue
		}
		for _, name := range w.lattice.below(m.Now[i]) {
			weaker := maps.Clone(now)
			weaker[s.Pos] = name
			if w.keeps(t, w.differs(sites, weaker)) == Keeps {
				t.Errorf("%s under %s: minimal set %q: %s could be %q", w.in.File, w.model.Name, m.Now, s.Text, name)
			}
		}
	}
}

func (w *twin) differs(sites []Site, c change) change {
	d := change{}
	for _, s := range sites {
		if c[s.Pos] != s.Name {
			d[s.Pos] = c[s.Pos]
		}
	}
	return d
}

// checkMonotone checks that a primitive weaker than one that breaks the promise
// breaks it too. That lets finding skip replacements, and lets the greedy search
// usually end after its first pass. ARMv8's compare-and-exchange is the known
// exception: one that fails orders nothing if it is fully ordered, and is an
// acquire if it is a cmpxchg_acquire.
func (w *twin) checkMonotone(t tester, sites []Site, limit int) {
	if w.model.Name == "armv8" && strings.Contains(w.in.Text, "cmpxchg") {
		return
	}
	all := []change{{}}
	for _, s := range sites {
		var more []change
		for _, c := range all {
			for _, name := range append(w.lattice.below(s.Name), s.Name) {
				d := maps.Clone(c)
				d[s.Pos] = name
				more = append(more, d)
			}
		}
		if all = more; len(all) > limit {
			return
		}
	}
	for _, c := range all {
		if w.keeps(t, w.differs(sites, c)) == Keeps {
			continue
		}
		for _, s := range sites {
			for _, name := range w.lattice.below(c[s.Pos]) {
				d := maps.Clone(c)
				d[s.Pos] = name
				if w.keeps(t, w.differs(sites, d)) == Keeps {
					t.Errorf("%s under %s: %v breaks the promise, and %v keeps it", w.in.File, w.model.Name, w.differs(sites, c), w.differs(sites, d))
				}
			}
		}
	}
}

// checkAudit compares an audit with the twin. It returns the number of sites.
func checkAudit(t tester, in *Input, plain bool, models ...string) (sites int) {
	o := Options{Plain: plain}
	for _, name := range models {
		m, err := model.Load(name)
		if err != nil {
			t.Fatalf("%v", err)
		}
		o.Models = append(o.Models, m)
	}
	r, err := Run(context.Background(), in, o)
	if err != nil {
		t.Fatalf("%s: %v", in.File, err)
	}
	var twins []*twin
	for k, m := range r.Models {
		if m.test == nil {
			continue // it has primitives that the model does not have
		}
		if m.Err != nil {
			t.Fatalf("%s: %v", in.File, m.Err)
		}
		w := newTwin(t, in, o.Models[k], plain)
		if holds := w.keeps(t, nil) == Keeps; holds != (m.Promise.Outcome == Keeps) {
			t.Errorf("%s under %s: promise %s, by brute force %v", in.File, m.Model, m.Promise.Outcome, holds)
		}
		if !m.audits() || len(r.Sites) == 0 {
			continue
		}
		sites = max(sites, len(r.Sites))
		for i, f := range m.Findings {
			w.checkFinding(t, r.Sites[i], f)
		}
		w.checkMinimal(t, r.Sites, m)
		w.checkMonotone(t, r.Sites, 200)
		twins = append(twins, w)
	}
	if r.Together != nil {
		checkTogether(t, r, twins)
	}
	return sites
}

// checkTogether checks that the common set is enough under each model, and that
// each weakening at one place breaks the promise under some model.
func checkTogether(t tester, r *Report, twins []*twin) {
	now := change{}
	for i, s := range r.Sites {
		now[s.Pos] = r.Together.Now[i]
	}
	keeps := func(c change) bool {
		return !slices.ContainsFunc(twins, func(w *twin) bool { return w.keeps(t, w.differs(r.Sites, c)) != Keeps })
	}
	if !r.Together.Complete || !keeps(now) {
		t.Errorf("%s: %q is not enough for all models", r.File, r.Together.Now)
	}
	unreached := func(i int) bool {
		return slices.ContainsFunc(r.audited(), func(m *ModelReport) bool { return m.Findings[i].Status == NotReached })
	}
	for i, s := range r.Sites {
		if unreached(i) {
			continue
		}
		for _, name := range twins[0].lattice.below(r.Together.Now[i]) {
			weaker := maps.Clone(now)
			weaker[s.Pos] = name
			if keeps(weaker) {
				t.Errorf("%s: %q: for all models, %s could be %q", r.File, r.Together.Now, s.Text, name)
			}
		}
	}
}

func TestTheTwinAgrees(t *testing.T) {
	names, err := filepath.Glob("testdata/*.[lc]*")
	if err != nil || len(names) == 0 {
		t.Fatalf("%d files, %v", len(names), err)
	}
	models := []string{"lkmm", "x86-tso", "armv8", "power", "rc11"}
	if testing.Short() {
		models = models[:2]
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			in, err := Open(name)
			if err != nil {
				t.Fatal(err)
			}
			checkAudit(t, in, false, models...)
			checkAudit(t, in, true, "lkmm")
		})
	}
}

// Random programs of two or three threads with two or three accesses each, with
// random barriers, and a state that may be forbidden.
func TestTheTwinAgreesOnRandomPrograms(t *testing.T) {
	audited := 0
	rapid.Check(t, func(t *rapid.T) {
		src := randomTest(t)
		ast, err := litmus.Parse("random.litmus", []byte(src))
		if err != nil {
			t.Fatalf("%v in\n%s", err, src)
		}
		in := &Input{File: "random.litmus", Text: src, Programs: []Program{{Source: Litmus(ast)}}}
		t.Logf("%s", src)
		audited += checkAudit(t, in, false, rapid.SampledFrom([]string{"lkmm", "power", "armv8", "riscv", "rc11"}).Draw(t, "model"), "lkmm")
	})
	if audited == 0 {
		t.Error("no random program had anything to audit")
	}
}

func randomTest(t *rapid.T) string {
	var b, cond strings.Builder
	b.WriteString("C random\n{}\n")
	for p := range rapid.IntRange(2, 3).Draw(t, "threads") {
		fmt.Fprintf(&b, "P%d(int *x, int *y)\n{\n", p)
		for i := range 2 {
			loc := rapid.SampledFrom([]string{"x", "y"}).Draw(t, "location")
			value := rapid.IntRange(0, 1).Draw(t, "value")
			switch format := rapid.SampledFrom(randomAccesses).Draw(t, "access"); {
			case strings.HasPrefix(format, "r"):
				fmt.Fprintf(&b, "\t"+format+"\n", i, loc)
				fmt.Fprintf(&cond, " /\\ %d:r%d=%d", p, i, value)
			default:
				fmt.Fprintf(&b, "\t"+format+"\n", loc, 1)
			}
			if i == 0 {
				b.WriteString("\t" + rapid.SampledFrom(randomFences).Draw(t, "fence") + "\n")
			}
		}
		b.WriteString("}\n")
	}
	fmt.Fprintf(&b, "exists (true%s)\n", cond.String())
	return b.String()
}

var randomAccesses = []string{
	"r%d = READ_ONCE(*%s);", "r%d = smp_load_acquire(%s);", "r%d = xchg(%s, 1);", "r%d = xchg_acquire(%s, 1);",
	"r%d = cmpxchg(%s, 0, 1);", "r%d = atomic_dec_and_test(%s);",
	"WRITE_ONCE(*%s, %d);", "smp_store_release(%s, %d);", "smp_store_mb(*%s, %d);",
}

var randomFences = []string{"", "smp_mb();", "smp_wmb();", "smp_rmb();", "smp_mb__before_atomic();", "smp_mb__after_atomic();"}

// The lattice is an order: a primitive below another is not above it, and is
// listed once.
func TestTheLattice(t *testing.T) {
	for _, name := range model.Names() {
		m, err := model.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		macros, err := table(m)
		if err != nil {
			t.Fatal(err)
		}
		l := &lattice{has: func(name string) bool { return has(macros, name) }, plain: true}
		for _, p := range macros.Names() {
			below := l.below(p)
			for i, b := range below {
				if b == p || slices.Contains(l.below(b), p) || slices.Contains(below[:i], b) {
					t.Errorf("%s: below %s: %q", name, p, below)
				}
				if b != nothing && !l.has(b) {
					t.Errorf("%s: %s is not there", name, b)
				}
				params, value, _ := macros.Params(p)
				if n, v, _ := macros.Params(b); b != nothing && (n != params || v != value) {
					t.Errorf("%s: %s and %s have different operands", name, p, b)
				}
				if c, d := l.steps(p).cost, l.steps(b).cost; c < d {
					t.Errorf("%s costs less than %s, which is weaker", p, b)
				}
			}
		}
	}
}
