package primitive

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// A Use is the use of a primitive by another front end, which has evaluated the
// operands. An operand that is a place in memory for the table, as that of
// READ_ONCE, is an address here.
type Use struct {
	Name string
	Args []*ir.Expr
	Pos  graph.Pos
	Text string
	// Wrap cuts the result of an atomic operation to the width of its memory;
	// nil is 64 bits.
	Wrap func(*ir.Expr) *ir.Expr
}

// Lower appends the instructions of a primitive, as the table defines it, to th,
// a thread of p. It returns the primitive's value, an expression over registers
// of th, or nil if it has none. Errors are of type *Error.
func (m *Macros) Lower(p *ir.Program, th *ir.Thread, u Use) (v *ir.Expr, err error) {
	defer Catch(&err)
	at := Place{int32(u.Pos.Line), int32(u.Pos.Col)}
	l := &Lowerer{
		File: u.Pos.File, Macros: m, Prog: p, Pr: &Code{},
		Regs: &ThreadRegs{Names: th.Regs, Values: th.Init},
		Code: th.Instr, temps: len(th.Regs), lent: true, wrap: u.Wrap, text: u.Text, at: at,
	}
	e := m.Find(u.Name)
	if e == nil {
		Fail(u.Pos.File, at, "%s is not in %s", u.Name, m.File)
	}
	l.usable(e, at, nil)
	if len(u.Args) != e.params {
		Fail(u.Pos.File, at, "%s takes %d operands in %s, not %d", u.Name, e.params, m.File, len(u.Args))
	}
	args := make([]*Expr, len(u.Args))
	for i, a := range u.Args {
		args[i] = &Expr{Kind: knownExpr, At: at, known: a}
	}
	f := l.enter(e, at, args, nil)
	if e.Value != nil {
		v = l.value(e.Value, f, ir.NoReg)
	} else {
		l.Stmts(e.body, f)
	}
	th.Instr, th.Regs, th.Init = l.Code, l.Regs.Names, l.Regs.Values
	return v, nil
}

// Params returns how many operands a primitive takes, and whether it has a value.
// ok is false if the table does not have it, or calls it unsupported.
func (m *Macros) Params(name string) (n int, value, ok bool) {
	e := m.Find(name)
	if e == nil || e.reason != "" {
		return 0, false, false
	}
	return e.params, e.Value != nil, true
}

// Names returns the names of all primitives in the table, sorted.
func (m *Macros) Names() []string {
	var names []string
	for name := range m.table {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// A Site is a use of a primitive that orders accesses or accesses memory. It
// can be replaced by another primitive when a test is compiled.
type Site struct {
	Pos  graph.Pos
	Name string // of the primitive, in the tables of the models
	Text string // the source text
}
