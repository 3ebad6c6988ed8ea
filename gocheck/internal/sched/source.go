package sched

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
)

// receiversAt are the variables of which a place may be a use, each once: x in
// x.Load(), in gocheck.Read(&x), in x <- v and in x = v.
func receiversAt(u use) []string {
	s := sourceOf(u.at.File)
	if u.compiled {
		return s.accessed(u)
	}
	if u.several {
		return s.clause(u)
	}
	for _, m := range append([]string{u.called}, methods(u.op)...) {
		var found []string
		for _, c := range s.calls[u.at.Line] {
			if c.method == m && !slices.Contains(found, c.on) {
				found = append(found, c.on)
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// clause is the channel of a select's case.
func (s *source) clause(u use) []string {
	n := 0
	for _, c := range s.selects[u.at.Line] {
		if c.method != u.op {
			continue
		}
		if n == u.nth && c.on != "" {
			return []string{c.on}
		}
		n++
	}
	return nil
}

// accessed are the expressions that an access of compiled code may be for.
func (s *source) accessed(u use) []string {
	if u.op == "Write" {
		return s.written[u.at.Line]
	}
	return s.read[u.at.Line]
}

// A call is a call of a method, or of a function with an address, or the value of
// a method, or an operator of a channel.
type call struct{ method, on string }

// A source has the statements and calls of a file, by line.
type source struct {
	lines         []string
	calls         map[int][]call
	selects       map[int][]call // the cases of a select, in order
	written, read map[int][]string
	deferred      map[int][]int // by the last line of a function, the lines of its defer statements
	statement     map[int]int   // the line where the statement of a line begins
	cases         map[int]int   // the line of the select that a line is a case of
}

// sources has the files that were parsed. It is used under the lock that one
// exploration holds.
var sources = map[string]*source{}

func sourceOf(file string) *source {
	s := sources[file]
	if s == nil {
		s = parseSource(file)
		sources[file] = s
	}
	return s
}

// StatementAt is the place where the statement of a place begins. The case of a
// select belongs to the select.
func StatementAt(p Place) Place {
	s := sourceOf(p.File)
	if line, ok := s.cases[p.Line]; ok {
		return Place{p.File, line}
	}
	if line, ok := s.statement[p.Line]; ok {
		return Place{p.File, line}
	}
	return p
}

// Statement is the first line of the statement of a place, without the code
// around it. At the end of a function it is the function's defer statement, if it
// has one.
func Statement(p Place) string {
	s := sourceOf(p.File)
	at := s.beginOf(p.Line)
	// A function on one line ends where its defer statements are.
	if d := s.deferred[at]; len(d) > 0 && d[0] != at {
		if len(d) > 1 {
			return "deferred calls"
		}
		at = s.beginOf(d[0])
	}
	if at < 1 || at > len(s.lines) {
		return ""
	}
	line, _, _ := strings.Cut(s.lines[at-1], "//")
	return strings.TrimSpace(strings.TrimRight(strings.TrimSpace(line), "{:"))
}

// beginOf is the line where the statement of a line begins.
func (s *source) beginOf(line int) int {
	if begin, ok := s.statement[line]; ok {
		return begin
	}
	return line
}

func parseSource(file string) *source {
	s := &source{calls: map[int][]call{}, selects: map[int][]call{}, written: map[int][]string{}, read: map[int][]string{},
		deferred: map[int][]int{}, statement: map[int]int{}, cases: map[int]int{}}
	text, err := os.ReadFile(file)
	if err != nil {
		return s // then there are no names
	}
	s.lines = strings.Split(string(text), "\n")
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, file, text, parser.SkipObjectResolution)
	if err != nil {
		return s
	}
	ast.Inspect(f, (&scan{s, files, map[*ast.SelectorExpr]bool{}, map[ast.Expr]bool{}}).node)
	return s
}

// A scan enters the nodes of a file into a source.
type scan struct {
	*source
	files  *token.FileSet
	called map[*ast.SelectorExpr]bool
	parts  map[ast.Expr]bool // of larger expressions
}

func (s *scan) line(p token.Pos) int { return s.files.Position(p).Line }

func (s *scan) add(at token.Pos, method string, on ast.Expr) {
	if name := exprName(on); name != "" {
		s.calls[s.line(at)] = append(s.calls[s.line(at)], call{method, name})
	}
}

func (s *scan) node(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		s.call(n)
	case *ast.SelectorExpr:
		if !s.called[n] {
			s.add(n.Sel.Pos(), n.Sel.Name, n.X)
		}
	case *ast.SendStmt:
		s.add(n.Arrow, "send", n.Chan)
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			s.add(n.OpPos, "receive", n.X)
		}
	case *ast.RangeStmt:
		s.add(n.For, "receive", n.X)
	case *ast.SelectStmt:
		s.selected(n)
	case *ast.FuncDecl:
		s.defers(n.Body)
	case *ast.FuncLit:
		s.defers(n.Body)
	}
	s.extent(n)
	s.accesses(n)
	return true
}

// extent notes the lines of a statement that has no other statements in it, except
// those of functions.
func (s *scan) extent(n ast.Node) {
	switch n.(type) {
	case *ast.AssignStmt, *ast.DeclStmt, *ast.DeferStmt, *ast.ExprStmt, *ast.GoStmt, *ast.IncDecStmt, *ast.ReturnStmt, *ast.SendStmt:
		first := s.line(n.Pos())
		for line := first; line <= s.line(n.End()-1); line++ {
			s.statement[line] = first
		}
	}
}

func (s *scan) call(n *ast.CallExpr) {
	switch f := n.Fun.(type) {
	case *ast.SelectorExpr:
		s.called[f] = true
		s.add(f.Sel.Pos(), f.Sel.Name, subject(f, n.Args))
	case *ast.Ident:
		if (f.Name == "close" || f.Name == "len") && len(n.Args) == 1 {
			s.add(n.Pos(), f.Name, n.Args[0])
		}
	}
}

func (s *scan) selected(n *ast.SelectStmt) {
	line := s.line(n.Select)
	for _, c := range n.Body.List {
		comm := c.(*ast.CommClause).Comm
		if comm != nil {
			s.cases[s.line(comm.Pos())] = line
		}
		if send, ok := comm.(*ast.SendStmt); ok {
			s.selects[line] = append(s.selects[line], call{"send", exprName(send.Chan)})
		} else if comm != nil {
			s.selects[line] = append(s.selects[line], call{"receive", exprName(received(comm))})
		}
	}
}

// received is the channel that a case of a select receives from, or nil.
func received(n ast.Stmt) ast.Expr {
	var e ast.Expr
	switch n := n.(type) {
	case *ast.ExprStmt:
		e = n.X
	case *ast.AssignStmt:
		e = n.Rhs[0]
	}
	if e == nil {
		return nil
	}
	if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && u.Op == token.ARROW {
		return u.X
	}
	return nil
}

// defers notes the defer statements of a function, which run at its end.
func (s *scan) defers(body *ast.BlockStmt) {
	if body == nil {
		return
	}
	end := s.line(body.Rbrace)
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.DeferStmt:
			s.deferred[end] = append(s.deferred[end], s.line(n.Defer))
		}
		return true
	})
}

// accesses notes the expressions that a statement writes and reads.
func (s *scan) accesses(n ast.Node) {
	switch n := n.(type) {
	case *ast.AssignStmt:
		for _, e := range n.Lhs {
			s.access(s.written, e)
			if n.Tok != token.ASSIGN && n.Tok != token.DEFINE {
				s.access(s.read, e)
			}
		}
	case *ast.IncDecStmt:
		s.access(s.written, n.X)
	case *ast.CallExpr:
		s.parts[n.Fun] = true
		if f, ok := n.Fun.(*ast.Ident); ok && changesFirst[f.Name] && len(n.Args) > 0 {
			s.access(s.written, n.Args[0])
		}
	case *ast.SelectorExpr:
		s.parts[n.Sel] = true
		s.whole(n, n.X)
	case *ast.IndexExpr:
		s.whole(n, n.X)
	case *ast.StarExpr:
		s.whole(n, n.X)
	case *ast.Ident:
		s.whole(n, nil)
	}
}

// changesFirst are the builtin functions that write to the memory to which their
// first argument refers.
var changesFirst = map[string]bool{"append": true, "copy": true, "delete": true, "clear": true}

// whole notes that e is read. If its base is a variable, that is not noted as read
// too: most variables are local, and their accesses are not reported.
func (s *scan) whole(e, base ast.Expr) {
	if base != nil {
		_, variable := base.(*ast.Ident)
		s.parts[base] = variable || s.parts[e]
	}
	if !s.parts[e] {
		s.access(s.read, e)
	}
}

func (s *scan) access(in map[int][]string, e ast.Expr) {
	line, name := s.line(e.End()-1), exprName(e)
	if name != "" && name != "_" && !slices.Contains(in[line], name) {
		in[line] = append(in[line], name)
	}
}

// subject is the variable of a call: its receiver, or the target of its first
// argument if it is Read, Write or a function of package atomic.
func subject(s *ast.SelectorExpr, args []ast.Expr) ast.Expr {
	pkg, _ := s.X.(*ast.Ident)
	if len(args) == 1 && (s.Sel.Name == "Read" || s.Sel.Name == "Write") || len(args) > 0 && pkg != nil && pkg.Name == "atomic" {
		if a, ok := args[0].(*ast.UnaryExpr); ok && a.Op == token.AND {
			return a.X
		}
	}
	return s.X
}

// exprName is the text of an expression that names a variable; empty for
// others.
func exprName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.BasicLit:
		return e.Value
	case *ast.ParenExpr:
		return exprName(e.X)
	case *ast.StarExpr:
		return exprName(e.X)
	case *ast.BinaryExpr:
		return join2(exprName(e.X), e.Op.String(), exprName(e.Y))
	case *ast.CallExpr:
		var args []string
		for _, a := range e.Args {
			if exprName(a) == "" {
				return ""
			}
			args = append(args, exprName(a))
		}
		return join2(exprName(e.Fun), "("+strings.Join(args, ", "), ")")
	case *ast.SelectorExpr:
		return join2(exprName(e.X), ".", e.Sel.Name)
	case *ast.IndexExpr:
		if i := exprName(e.Index); i != "" {
			return join2(exprName(e.X), "["+i, "]")
		}
	}
	return ""
}

func join2(a, between, b string) string {
	if a == "" || b == "" {
		return ""
	}
	return a + between + b
}
