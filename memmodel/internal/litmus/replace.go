package litmus

import (
	"cmp"
	"slices"
	"strings"

	"crosscall/memmodel/graph"
)

// The names by which a table says what plain accesses are. As a replacement they
// stand for *p and *p = v in the test.
const (
	plainLoad  = "__plain_load"
	plainStore = "__plain_store"
)

// CompileReplaced is Compile of the test with other primitives in some of its
// Sites: at each place in replace, with the same operands, the one named there.
// Where one takes something in memory (READ_ONCE(*p)) and the other its address
// (smp_load_acquire(p)), that is converted. No name at all drops the primitive,
// which has to be a fence then. __plain_load and __plain_store are plain
// accesses. The events' texts are of what is there now, their places those of
// the source.
//
// A place that is no site is an error, as is what Compile would not accept.
func (a *AST) CompileReplaced(m *Macros, replace map[graph.Pos]string) (t *Test, err error) {
	if len(replace) == 0 {
		return a.Compile(m)
	}
	b, err := a.replaced(m, replace)
	if err != nil {
		return nil, err
	}
	return b.Compile(m)
}

func (a *AST) replaced(m *Macros, replace map[graph.Pos]string) (b *AST, err error) {
	defer catch(&err)
	c := *a
	r := &replacer{AST: &c, macros: m, replace: replace, open: make(map[graph.Pos]bool)}
	for at := range replace {
		r.open[at] = true
	}
	c.calls, c.procs = slices.Clone(a.calls), slices.Clone(a.procs)
	for i := range c.procs {
		c.procs[i].body = r.stmts(c.procs[i].body)
	}
	for at := range r.open {
		fail(at.File, place{int32(at.Line), int32(at.Col)}, "there is no primitive here that could be replaced")
	}
	slices.SortStableFunc(c.edits, func(x, y edit) int { return cmp.Compare(x.from, y.from) })
	return &c, nil
}

// An edit puts words in place of others.
type edit struct {
	from, to int
	text     string
}

// wordsOf is the source from one place to another, as it reads after edits.
func (a *AST) wordsOf(from, to int) string {
	if len(a.edits) == 0 {
		return a.src[from:to]
	}
	var b strings.Builder
	at := from
	for _, e := range a.edits {
		if e.from < from || e.to > to || e.from == e.to && (e.from == from || e.to == to) {
			continue // what is put in just before or behind is not among these words
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
	macros  *Macros
	replace map[graph.Pos]string
	open    map[graph.Pos]bool // places yet to be found
}

func (r *replacer) stmts(list []stmt) []stmt {
	var out []stmt
	for _, s := range list {
		s.body, s.alt = r.stmts(s.body), r.stmts(s.alt)
		s.lhs = r.expr(s.lhs)
		if s.kind != evalStmt || s.val.kind != callExpr {
			s.val = r.expr(s.val)
			out = append(out, s)
			continue
		}
		switch name, ok := r.at(s.val); {
		case ok && name == "":
			r.checkFence(s.val)
		case ok && name == plainStore:
			out = append(out, r.plainStore(s))
		default:
			s.val = r.expr(s.val)
			out = append(out, s)
		}
	}
	return out
}

// at finds what replaces a call.
func (r *replacer) at(e *expr) (name string, ok bool) {
	at := e.at.in(r.file)
	name, ok = r.replace[at]
	delete(r.open, at)
	return name, ok
}

func (r *replacer) edit(from, to int, text string) {
	r.edits = append(r.edits, edit{from, to, text})
}

func (r *replacer) expr(e *expr) *expr {
	if e == nil {
		return nil
	}
	c := *e
	c.x, c.y, c.z = r.expr(e.x), r.expr(e.y), r.expr(e.z)
	c.args = make([]*expr, len(e.args))
	for i, arg := range e.args {
		c.args[i] = r.expr(arg)
	}
	if e.kind != callExpr {
		return &c
	}
	switch name, ok := r.at(e); {
	case !ok:
		return &c
	case name == "":
		fail(r.file, e.at, "%s has a value: it cannot be dropped", e.name)
	case name == plainLoad:
		return r.plainLoad(&c)
	default:
		r.rename(&c, name)
	}
	return &c
}

// rename makes e a call of another primitive.
func (r *replacer) rename(e *expr, name string) {
	r.edit(e.from, e.from+len(e.name), name)
	if len(e.args) > 0 {
		r.convert(e, r.macros.takesPlace(name))
	}
	e.name = name
	r.calls = append(r.calls, name)
}

// convert makes the first operand of e one in memory, or the address of it.
func (r *replacer) convert(e *expr, toPlace bool) {
	if r.macros.takesPlace(e.name) == toPlace {
		return
	}
	arg, wrap, unwrap, sign := e.args[0], derefExpr, addrExpr, "*"
	if !toPlace {
		wrap, unwrap, sign = addrExpr, derefExpr, "&"
	}
	switch {
	case arg.kind == unwrap && arg.from < arg.x.from: // not a[i], which is a derefExpr
		r.edit(arg.from, arg.from+1, "")
		e.args[0] = arg.x
		return
	case arg.kind == nameExpr, arg.kind == derefExpr:
		r.edit(arg.from, arg.from, sign)
	default:
		r.edit(arg.from, arg.from, sign+"(")
		r.edit(arg.to, arg.to, ")")
	}
	e.args[0] = &expr{kind: wrap, at: arg.at, from: arg.from, to: arg.to, x: arg}
}

// plainLoad makes *p of a call that reads it.
func (r *replacer) plainLoad(e *expr) *expr {
	r.needArgs(e, 1)
	r.edit(e.from, e.args[0].from, "")
	r.convert(e, true)
	r.edit(e.args[0].to, e.to, "")
	if e.args[0].kind != derefExpr {
		fail(r.file, e.at, "%s does not access something of the form *p", e.name)
	}
	access := e.args[0]
	access.at, access.from, access.to = e.at, e.from, e.to
	return access
}

// plainStore makes *p = v of a call that writes it.
func (r *replacer) plainStore(s stmt) stmt {
	e := *s.val
	r.needArgs(&e, 2)
	r.edit(e.from, e.args[0].from, "")
	r.edit(e.args[0].to, e.args[1].from, " = ")
	r.edit(e.args[1].to, e.to, "")
	e.args = []*expr{r.expr(e.args[0]), r.expr(e.args[1])}
	r.convert(&e, true)
	if e.args[0].kind != derefExpr {
		fail(r.file, e.at, "%s does not access something of the form *p", e.name)
	}
	s.kind, s.lhs, s.val = storeStmt, e.args[0].x, e.args[1]
	return s
}

func (r *replacer) needArgs(e *expr, n int) {
	if len(e.args) != n {
		fail(r.file, e.at, "%s cannot be a plain access: it takes %d arguments", e.name, len(e.args))
	}
}

// checkFence checks that a primitive can be dropped.
func (r *replacer) checkFence(e *expr) {
	m := r.macros.find(e.name)
	if m == nil {
		fail(r.file, e.at, "unknown function %s: not in %s", e.name, r.macros.file)
	}
	if m.value != nil || !r.macros.onlyFences(m, 0) {
		fail(r.file, e.at, "%s accesses memory: it cannot be dropped, only be replaced", e.name)
	}
}

// onlyFences reports whether a primitive performs no accesses.
func (m *Macros) onlyFences(e *macro, depth int) bool {
	for i := range e.body {
		s := &e.body[i]
		if s.kind != evalStmt || depth > maxMacroDepth {
			return false
		}
		switch s.val.kind {
		case primExpr:
			if s.val.prim.kind != fencePrim {
				return false
			}
		case callExpr:
			if inner := m.find(s.val.name); inner == nil || inner.value != nil || !m.onlyFences(inner, depth+1) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// takesPlace reports whether the first operand of a primitive is something in
// memory, such as *p, rather than an address: whether the table has it where an
// access is, as it is.
func (m *Macros) takesPlace(name string) bool {
	e := m.find(name)
	return e != nil && m.placeIn(e, 0, 0)
}

// placeIn reports whether formal k of e is used as something in memory.
func (m *Macros) placeIn(e *macro, k int64, depth int) (found bool) {
	if depth > maxMacroDepth {
		return false
	}
	look := func(x *expr) {
		for i, arg := range x.args {
			if arg.kind != formalExpr || arg.k != k {
				continue
			}
			switch x.kind {
			case primExpr:
				found = found || i == 0 && (x.prim.kind == loadPrim || x.prim.kind == storePrim)
			case callExpr:
				if inner := m.find(x.name); inner != nil {
					found = found || m.placeIn(inner, int64(i), depth+1)
				}
			}
		}
	}
	walk(e.value, look)
	walkStmts(e.body, look)
	return found
}
