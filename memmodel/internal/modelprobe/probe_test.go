package modelprobe_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"text/tabwriter"

	"crosscall/internal/golden"
	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/litmus"
	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/modelprobe"
	"crosscall/memmodel/internal/rel"
)

// A row is a way to keep a read before a later write, in the first thread of the program
// for load buffering.
type row struct {
	name, code string
	// keeps says what the probes of the model find of it.
	keeps func(w *modelprobe.Weakness, p *ir.Program) bool
}

var rows = []row{
	{"nothing", "int r = READ_ONCE(*x); WRITE_ONCE(*y, 1);", never},
	fenceRow("smp_mb()"), fenceRow("smp_rmb()"), fenceRow("smp_wmb()"), fenceRow("barrier()"),
	fenceRow("smp_mb__before_atomic()"), fenceRow("smp_mb__after_atomic()"),
	fenceRow("smp_mb__after_spinlock()"), fenceRow("synchronize_rcu()"),
	{"smp_load_acquire", "int r = smp_load_acquire(x); WRITE_ONCE(*y, 1);", accessKeeps},
	{"smp_store_release", "int r = READ_ONCE(*x); smp_store_release(y, 1);", accessKeeps},
	{"control dependency", "int r = READ_ONCE(*x); if (r) WRITE_ONCE(*y, 1);", func(w *modelprobe.Weakness, _ *ir.Program) bool { return w.Control() }},
	{"address before it", "int r = READ_ONCE(*x); int s = READ_ONCE(z[r & 1]); WRITE_ONCE(*y, 1);", func(w *modelprobe.Weakness, _ *ir.Program) bool { return w.Address() }},
}

func never(*modelprobe.Weakness, *ir.Program) bool { return false }

func fenceRow(name string) row {
	return row{name, "int r = READ_ONCE(*x); " + name + "; WRITE_ONCE(*y, 1);", func(w *modelprobe.Weakness, p *ir.Program) bool {
		return some(p, func(in *ir.Instr) bool { return in.Kind == graph.Fence && w.Fence(in.Tags) })
	}}
}

func accessKeeps(w *modelprobe.Weakness, p *ir.Program) bool {
	return some(p, func(in *ir.Instr) bool {
		return in.Kind != graph.Fence && w.Access(in.Kind, in.Tags) || in.Kind == graph.Fence && w.Fence(in.Tags)
	})
}

// some reports whether an event of the first thread is so.
func some(p *ir.Program, is func(in *ir.Instr) bool) bool {
	for i := range p.Threads[0].Instr {
		if in := &p.Threads[0].Instr[i]; in.Op == ir.Do && is(in) {
			return true
		}
	}
	return false
}

// TestTable holds what the shipped models allow of load buffering, by what stands between
// the read and the write, and compares each answer with what the static explorer, which
// asks no probe, finds in the program itself. The order is kept, or load buffering is
// allowed; or the probes assume that it is, because they ask about accesses by themselves,
// and the program has not got it: Alpha's READ_ONCE has a fence of its own behind it.
func TestTable(t *testing.T) {
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "\t%s\n", strings.Join(model.Names(), "\t"))
	for _, r := range rows {
		fmt.Fprint(table, r.name)
		for _, name := range model.Names() {
			fmt.Fprintf(table, "\t%s", cell(t, r, name))
		}
		fmt.Fprintln(table)
	}
	table.Flush()
	golden.Compare(t, "testdata/loadbuffering.txt", text.String())
}

func cell(t *testing.T, r row, name string) string {
	t.Helper()
	m, err := model.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	ast, err := litmus.Parse("lb", []byte("C lb\n\n{ int z[2]; }\n\nP0(int *x, int *y, int *z)\n{\n"+r.code+
		"\n}\n\nP1(int *x, int *y)\n{\nint s = READ_ONCE(*y); WRITE_ONCE(*x, s);\n}\n\nexists (0:r=1)\n"))
	if err != nil {
		t.Fatal(err)
	}
	test, err := ast.Compile(m.Macros)
	if err != nil {
		return "-" // the model has no such primitive
	}
	c, err := rel.Compile(m.Plan)
	if err != nil {
		t.Fatal(err)
	}
	w := modelprobe.Find(c, test.Prog, false)
	kept := !w.Any || r.keeps(w, test.Prog)
	found := false
	_, err = explore.Run(context.Background(), test.Prog, m.Plan, explore.Config{Goal: test.Cond}, func(*explore.Execution) error {
		found = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case kept && found:
		t.Errorf("%s, %s: the probes find that the order is kept, and the explorer finds load buffering", r.name, name)
	case kept:
		return "kept"
	case !found:
		return "assumed"
	}
	return "allowed"
}
