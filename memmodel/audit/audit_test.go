package audit_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crosscall/internal/golden"
	"crosscall/memmodel/audit"
	"crosscall/memmodel/internal/model"
)

func load(t testing.TB, names ...string) (list []*model.Model) {
	t.Helper()
	for _, name := range names {
		m, err := model.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, m)
	}
	return list
}

func open(t testing.TB, name string) *audit.Input {
	t.Helper()
	in, err := audit.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func run(t testing.TB, in *audit.Input, o audit.Options) *audit.Report {
	t.Helper()
	r, err := audit.Run(t.Context(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func text(t testing.TB, r *audit.Report, o audit.TextOptions) string {
	t.Helper()
	var b strings.Builder
	if err := r.WriteText(&b, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Transcripts are the reports of an audit of each program in testdata, under
// LKMM alone with pictures, and under all models.
func TestTranscripts(t *testing.T) {
	names, err := filepath.Glob("testdata/*.litmus")
	if err != nil || len(names) == 0 {
		t.Fatalf("%d files, %v", len(names), err)
	}
	c, _ := filepath.Glob("testdata/*.c")
	for _, name := range append(names, c...) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			in := open(t, name)
			got := text(t, run(t, in, audit.Options{Models: load(t, "lkmm"), Pictures: true}), audit.TextOptions{Show: true})
			got += "\n" + strings.Repeat("=", 72) + "\n\n"
			got += text(t, run(t, in, audit.Options{Models: load(t, model.Names()...)}), audit.TextOptions{})
			golden.Compare(t, strings.TrimSuffix(name, filepath.Ext(name))+".out", got)
		})
	}
}

func TestPlainAccesses(t *testing.T) {
	in := open(t, "testdata/mp.litmus")
	got := text(t, run(t, in, audit.Options{Models: load(t, "lkmm", "power"), Plain: true}), audit.TextOptions{})
	golden.Compare(t, "testdata/mp.plain.out", got)
}

func TestAnInterruptedAuditSaysWhatIsNotKnown(t *testing.T) {
	in := open(t, "testdata/mp.litmus")
	ctx, cancel := context.WithCancel(t.Context())
	done := 0
	o := audit.Options{Models: load(t, "lkmm"), Workers: 1, Progress: func(p audit.Progress) {
		if done = p.Findings; done == 1 {
			cancel()
		}
	}}
	r, err := audit.Run(ctx, in, o)
	if err != nil {
		t.Fatal(err)
	}
	f := r.Models[0].Findings
	if f[0].Status != audit.Weaker || f[1].Status != audit.NotKnown || f[2].Status != audit.NotKnown {
		t.Errorf("findings %v %v %v", f[0], f[1], f[2])
	}
	if r.Models[0].Minimal.Complete || r.Count().Incomplete == 0 {
		t.Errorf("the minimal set is complete, or nothing is incomplete: %+v", r.Count())
	}
	if s := text(t, r, audit.TextOptions{}); !strings.Contains(s, "not known: interrupted") {
		t.Errorf("text:\n%s", s)
	}
}

// If the bound cuts a loop off, no barrier is reported as not needed.
func TestABoundIsNotKnown(t *testing.T) {
	name := filepath.Join(t.TempDir(), "loop.litmus")
	src := "C loop\n{}\nP0(int *x, int *y)\n{\n\tWRITE_ONCE(*x, 1);\n\tsmp_wmb();\n\tWRITE_ONCE(*y, 1);\n}\n" +
		"P1(int *x, int *y)\n{\n\tint r0;\n\tint r1;\n\tr0 = READ_ONCE(*y);\n\twhile (r0 == 0)\n\t\tr0 = READ_ONCE(*y);\n\tsmp_rmb();\n\tr1 = READ_ONCE(*x);\n}\n~exists (1:r1=0)\n"
	if err := os.WriteFile(name, []byte(src), 0o666); err != nil {
		t.Fatal(err)
	}
	r := run(t, open(t, name), audit.Options{Models: load(t, "lkmm")})
	m := r.Models[0]
	if m.Promise.Outcome != audit.Unknown || !strings.HasPrefix(m.Promise.Why, "bound") || m.Findings != nil {
		t.Errorf("promise %+v, findings %v", m.Promise, m.Findings)
	}
}

func TestTheModelsTableIsWhatCounts(t *testing.T) {
	dir := t.TempDir()
	for name, src := range map[string]string{
		"small.def": "READ_ONCE(X) __load{once}(X)\nWRITE_ONCE(X,V) { __store{once}(X,V); }\nsmp_mb() { __fence{mb}; }\nxchg(X,V) __xchg{mb}(X,V)\nxchg_relaxed(X,V) __xchg{once}(X,V)\n",
		"small.cat": "\"Only mb\"\nlet fr = rf^-1 ; co\nacyclic (po & loc) | rf | co | fr as coherence\nempty rmw & (fre;coe) as atomic\nlet fence = fencerel(F)\nacyclic fence | rfe | fre | coe as order\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(src), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	r := run(t, open(t, "testdata/r.litmus"), audit.Options{Models: load(t, filepath.Join(dir, "small.cat"))})
	for i, f := range r.Models[0].Findings {
		// There is no smp_rmb or smp_wmb in this table.
		if f.Status != audit.Needed || len(f.Trials) != 1 || f.Trials[0].Replacement != "" {
			t.Errorf("%s: %+v", r.Sites[i].Text, f)
		}
	}
}
