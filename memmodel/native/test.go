package native

import (
	"cmp"
	"fmt"
	"slices"

	"crosscall/memmodel/check"
	"crosscall/memmodel/internal/ir"
)

// A Test is a litmus test that can be run on a machine.
type Test struct {
	Name string
	Arch Arch

	test  *ir.Test
	slots []int
	cols  []ir.Obs
}

// archs are the machines of tests in assembly, by the first word of the file.
var archs = map[string]Arch{"X86": AMD64, "X86_64": AMD64, "AArch64": ARM64}

// Load reads a litmus test and lowers it for a machine. name stands in places of errors.
// The error is *Refused if the test is for another machine, or does what no instruction does.
func Load(name string, src []byte, a Arch) (*Test, error) {
	m, err := check.LoadModel(a.Model())
	if err != nil {
		return nil, err
	}
	t, err := check.Compile(name, src, m)
	if err != nil {
		return nil, refusal(name, src, err)
	}
	if arch, ok := archs[t.Arch]; t.Arch != "C" && (!ok || arch != a) {
		return nil, &Refused{fmt.Errorf("%s: a test for %s does not run on this machine, which is %s", name, t.Arch, a)}
	}
	if t.Safety {
		return nil, fmt.Errorf("%s: a C program has no outcomes that can be counted: run takes litmus tests", name)
	}
	return newTest(t, a), nil
}

func newTest(t *ir.Test, a Arch) *Test {
	n := &Test{Name: t.Name, Arch: a, test: t, slots: slotsOf(t.Prog), cols: slices.Clone(t.Observed)}
	n.observe(t.Cond)
	if t.Filter != nil {
		n.observe(t.Filter)
	}
	return n
}

// observe adds what a proposition speaks of to the columns.
func (t *Test) observe(p *ir.Prop) {
	for _, k := range p.Kids {
		t.observe(k)
	}
	if p.Op < ir.EqAtom {
		return
	}
	for _, o := range []ir.Obs{p.Left, p.Right} {
		if o.Kind != ir.ConstObs && !slices.Contains(t.cols, o) {
			t.cols = append(t.cols, o)
		}
	}
}

// Kind is the word of herd7 for the quantifier of the condition: Allowed for exists,
// Forbidden for ~exists, Required for forall.
func (t *Test) Kind() string {
	switch t.test.Quant {
	case ir.NotExists:
		return "Forbidden"
	case ir.ForAll:
		return "Required"
	}
	return "Allowed"
}

// Condition is the condition as herd7 prints it.
func (t *Test) Condition() string { return t.test.CondText }

// Threads is the number of threads.
func (t *Test) Threads() int { return len(t.test.Prog.Threads) }

// Initial are the values that the variables of an instance begin with, in the order in
// which they are in memory.
func (t *Test) Initial() []int64 {
	var list []int64
	for c, slot := range t.slots {
		if slot >= 0 {
			list = append(list, t.test.Prog.Cells[c].Init)
		}
	}
	return list
}

// InstanceSize is how many bytes of Block.Base belong to an instance.
func (t *Test) InstanceSize(indirect bool) int {
	n := countSlots(t.slots)
	if indirect {
		return (8*n + Line - 1) / Line * Line
	}
	return n * Line
}

// Table is what addresses that are computed are translated by: for each number from the
// first address on, how far the variable, or its address, is from the start of the
// instance; -1 where there is none.
func (t *Test) Table(indirect bool) []int64 {
	table := make([]int64, len(t.slots)+1)
	size := int64(Line)
	if indirect {
		size = 8
	}
	for c := range table {
		table[c] = -1
		if c < len(t.slots) && t.slots[c] >= 0 {
			table[c] = int64(t.slots[c]) * size
		}
	}
	return table
}

// A Column is a value of an outcome: of a register, or of a variable in the end.
type Column struct {
	Thread int // -1: a variable
	At     int // in the results of the thread, or in memory as in Initial
}

// Columns are the values that make an outcome.
func (t *Test) Columns() []Column {
	list := make([]Column, len(t.cols))
	for i, o := range t.cols {
		if o.Kind == ir.CellObs {
			list[i] = Column{-1, t.slots[o.Cell]}
			continue
		}
		list[i] = Column{o.Thread, slices.Index(t.recorded(o.Thread), o.Reg)}
	}
	return list
}

// recorded are the registers of a thread that are observed.
func (t *Test) recorded(thread int) (list []ir.Reg) {
	for _, o := range t.cols {
		if o.Kind == ir.RegObs && o.Thread == thread {
			list = append(list, o.Reg)
		}
	}
	return list
}

// Emit makes the code of all threads. An error is *Refused and says which instruction cannot
// be made, with its place.
func (t *Test) Emit(c Config) ([]Thread, error) {
	var list []Thread
	for i := range t.test.Prog.Threads {
		g := &generator{assembler: newAssembler(t.Arch), Config: c, prog: t.test.Prog, thread: i, slots: t.slots, recorded: t.recorded(i)}
		th, err := g.emit()
		if err != nil {
			return nil, &Refused{err}
		}
		list = append(list, th)
	}
	return list, nil
}

// Kept reports whether the filter of the test keeps an outcome; values are those of Columns.
func (t *Test) Kept(values []int64) bool {
	return t.test.Filter == nil || t.eval(t.test.Filter, values)
}

// Holds reports whether the proposition of the condition is true, without its quantifier.
func (t *Test) Holds(values []int64) bool { return t.eval(t.test.Cond, values) }

func (t *Test) eval(p *ir.Prop, values []int64) bool {
	holds := func(k *ir.Prop) bool { return t.eval(k, values) }
	switch p.Op {
	case ir.True:
		return true
	case ir.All:
		return !slices.ContainsFunc(p.Kids, func(k *ir.Prop) bool { return !holds(k) })
	case ir.Any:
		return slices.ContainsFunc(p.Kids, holds)
	case ir.NotProp:
		return !holds(p.Kids[0])
	}
	return compared(p.Op, cmp.Compare(t.value(p.Left, values), t.value(p.Right, values)))
}

func compared(op ir.PropOp, order int) bool {
	switch op {
	case ir.EqAtom:
		return order == 0
	case ir.NeAtom:
		return order != 0
	case ir.LtAtom:
		return order < 0
	case ir.LeAtom:
		return order <= 0
	case ir.GtAtom:
		return order > 0
	}
	return order >= 0
}

func (t *Test) value(o ir.Obs, values []int64) int64 {
	if o.Kind == ir.ConstObs {
		return o.K
	}
	if o.Kind == ir.CellObs && t.test.Prog.Cells[o.Cell].Lock {
		return t.test.Prog.Cells[o.Cell].Init // as in package check: herd gives locks no value
	}
	return values[slices.Index(t.cols, o)]
}

// Outcome is an outcome as herd7 prints a final state.
func (t *Test) Outcome(values []int64) string {
	return t.format(func(o int) (int64, bool) { return values[o], true })
}

func (t *Test) format(value func(o int) (v int64, known bool)) string {
	var s []byte
	for o := range t.test.Observed {
		before, after := t.test.Punctuation(o)
		v, known := value(o)
		if o > 0 && before != "" {
			s = append(s, ' ')
		}
		s = append(s, before+t.test.FormatValue(o, v, known)+after...)
	}
	return string(s)
}
