package litmus

import (
	"cmp"
	"slices"
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/primitive"
)

// The names of a table's entries for plain accesses. As a replacement they stand
// for *p and *p = v in the test.
const (
	plainLoad  = "__plain_load"
	plainStore = "__plain_store"
)

// CompileReplaced is Compile of the test with other primitives in some of its
// Sites. At each place in replace, the primitive named there is used with the
// same operands. If one primitive takes a place in memory (READ_ONCE(*p)) and
// the other its address (smp_load_acquire(p)), the operand is converted. An
// empty name drops the primitive, which has to be a fence. __plain_load and
// __plain_store are plain accesses. The texts of events show the new primitive,
// their places are those of the source.
//
// A place that is no site is an error, and so is a test that Compile would not
// accept.
func (a *AST) CompileReplaced(m *primitive.Macros, replace map[graph.Pos]string) (t *ir.Test, err error) {
	if len(replace) == 0 {
		return a.Compile(m)
	}
	b, err := a.replaced(m, replace)
	if err != nil {
		return nil, err
	}
	return b.Compile(m)
}

func (a *AST) replaced(m *primitive.Macros, replace map[graph.Pos]string) (b *AST, err error) {
	defer primitive.Catch(&err)
	c := *a
	r := &replacer{AST: &c, macros: m, replace: replace, open: make(map[graph.Pos]bool)}
	for at := range replace {
		r.open[at] = true
	}
	c.calls, c.procs = slices.Clone(a.calls), slices.Clone(a.procs)
	for i := range c.procs {
		c.procs[i].Body = r.stmts(c.procs[i].Body)
	}
	for at := range r.open {
		primitive.Fail(at.File, primitive.PlaceAt(at.Line, at.Col), "there is no primitive here that could be replaced")
	}
	slices.SortStableFunc(c.edits, func(x, y edit) int { return cmp.Compare(x.from, y.from) })
	return &c, nil
}

// An edit replaces a part of the source text.
type edit struct {
	from, to int
	text     string
}

// wordsOf is the source text from one place to another, after edits.
func (a *AST) wordsOf(from, to int) string {
	if len(a.edits) == 0 {
		return a.src[from:to]
	}
	var b strings.Builder
	at := from
	for _, e := range a.edits {
		if e.from < from || e.to > to || e.from == e.to && (e.from == from || e.to == to) {
			continue // text inserted just before or behind is not part of it
		}
		b.WriteString(a.src[at:e.from])
		b.WriteString(e.text)
		at = e.to
	}
	b.WriteString(a.src[at:to])
	return b.String()
}

// A replacer copies a test as far as it changes it.
type replacer struct {
	*AST
	macros  *primitive.Macros
	replace map[graph.Pos]string
	open    map[graph.Pos]bool // places yet to be found
}

func (r *replacer) stmts(list []primitive.Stmt) []primitive.Stmt {
	var out []primitive.Stmt
	for _, s := range list {
		s.Body, s.Alt = r.stmts(s.Body), r.stmts(s.Alt)
		s.Lhs = r.expr(s.Lhs)
		if s.Kind != primitive.EvalStmt || s.Val.Kind != primitive.CallExpr {
			s.Val = r.expr(s.Val)
			out = append(out, s)
			continue
		}
		switch name, ok := r.at(s.Val); {
		case ok && name == "":
			r.checkFence(s.Val)
		case ok && name == plainStore:
			out = append(out, r.plainStore(s))
		default:
			s.Val = r.expr(s.Val)
			out = append(out, s)
		}
	}
	return out
}

// at finds the name that replaces a call's.
func (r *replacer) at(e *primitive.Expr) (name string, ok bool) {
	at := e.At.In(r.file)
	name, ok = r.replace[at]
	delete(r.open, at)
	return name, ok
}

func (r *replacer) edit(from, to int, text string) {
	r.edits = append(r.edits, edit{from, to, text})
}

func (r *replacer) expr(e *primitive.Expr) *primitive.Expr {
	if e == nil {
		return nil
	}
	c := *e
	c.X, c.Y, c.Z = r.expr(e.X), r.expr(e.Y), r.expr(e.Z)
	c.Args = make([]*primitive.Expr, len(e.Args))
	for i, arg := range e.Args {
		c.Args[i] = r.expr(arg)
	}
	if e.Kind != primitive.CallExpr {
		return &c
	}
	switch name, ok := r.at(e); {
	case !ok:
		return &c
	case name == "":
		primitive.Fail(r.file, e.At, "%s has a value: it cannot be dropped", e.Name)
	case name == plainLoad:
		return r.plainLoad(&c)
	default:
		r.rename(&c, name)
	}
	return &c
}

// rename turns e into a call of another primitive.
func (r *replacer) rename(e *primitive.Expr, name string) {
	r.edit(e.From, e.From+len(e.Name), name)
	if len(e.Args) > 0 {
		r.convert(e, r.macros.TakesPlace(name))
	}
	e.Name = name
	r.calls = append(r.calls, name)
}

// convert turns the first operand of e from an address into the place in memory,
// or the other way round.
func (r *replacer) convert(e *primitive.Expr, toPlace bool) {
	if r.macros.TakesPlace(e.Name) == toPlace {
		return
	}
	arg, wrap, unwrap, sign := e.Args[0], primitive.DerefExpr, primitive.AddrExpr, "*"
	if !toPlace {
		wrap, unwrap, sign = primitive.AddrExpr, primitive.DerefExpr, "&"
	}
	switch {
	case arg.Kind == unwrap && arg.From < arg.X.From: // not a[i], which is a derefExpr
		r.edit(arg.From, arg.From+1, "")
		e.Args[0] = arg.X
		return
	case arg.Kind == primitive.NameExpr, arg.Kind == primitive.DerefExpr:
		r.edit(arg.From, arg.From, sign)
	default:
		r.edit(arg.From, arg.From, sign+"(")
		r.edit(arg.To, arg.To, ")")
	}
	e.Args[0] = &primitive.Expr{Kind: wrap, At: arg.At, From: arg.From, To: arg.To, X: arg}
}

// plainLoad turns a call that reads *p into a plain *p.
func (r *replacer) plainLoad(e *primitive.Expr) *primitive.Expr {
	r.needArgs(e, 1)
	r.edit(e.From, e.Args[0].From, "")
	r.convert(e, true)
	r.edit(e.Args[0].To, e.To, "")
	if e.Args[0].Kind != primitive.DerefExpr {
		primitive.Fail(r.file, e.At, "%s does not access something of the form *p", e.Name)
	}
	access := e.Args[0]
	access.At, access.From, access.To = e.At, e.From, e.To
	return access
}

// plainStore turns a call that writes *p into a plain *p = v.
func (r *replacer) plainStore(s primitive.Stmt) primitive.Stmt {
	e := *s.Val
	r.needArgs(&e, 2)
	r.edit(e.From, e.Args[0].From, "")
	r.edit(e.Args[0].To, e.Args[1].From, " = ")
	r.edit(e.Args[1].To, e.To, "")
	e.Args = []*primitive.Expr{r.expr(e.Args[0]), r.expr(e.Args[1])}
	r.convert(&e, true)
	if e.Args[0].Kind != primitive.DerefExpr {
		primitive.Fail(r.file, e.At, "%s does not access something of the form *p", e.Name)
	}
	s.Kind, s.Lhs, s.Val = primitive.StoreStmt, e.Args[0].X, e.Args[1]
	return s
}

func (r *replacer) needArgs(e *primitive.Expr, n int) {
	if len(e.Args) != n {
		primitive.Fail(r.file, e.At, "%s cannot be a plain access: it takes %d arguments", e.Name, len(e.Args))
	}
}

// checkFence checks that a primitive can be dropped.
func (r *replacer) checkFence(e *primitive.Expr) {
	m := r.macros.Find(e.Name)
	if m == nil {
		primitive.Fail(r.file, e.At, "unknown function %s: not in %s", e.Name, r.macros.File)
	}
	if m.Value != nil || !r.macros.OnlyFences(m, 0) {
		primitive.Fail(r.file, e.At, "%s accesses memory: it cannot be dropped, only be replaced", e.Name)
	}
}
