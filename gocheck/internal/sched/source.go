package sched

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
)

// receivers are the variables that calls at a use's place are about, each once:
// x in x.Load() and in gocheck.Read(&x).
func receivers(u use) []string {
	for _, m := range methods(u.op) {
		var found []string
		for _, c := range callsOf(u.at.File)[u.at.Line] {
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

// A call is that of a method, or of a function with an address, or the value of a
// method.
type call struct{ method, on string }

// parsed has the calls of each file by line. It is used under the lock that one
// exploration holds.
var parsed = map[string]map[int][]call{}

func callsOf(file string) map[int][]call {
	calls, ok := parsed[file]
	if !ok {
		calls = parseCalls(file)
		parsed[file] = calls
	}
	return calls
}

func parseCalls(file string) map[int][]call {
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, file, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil // then there are no names
	}
	calls := map[int][]call{}
	add := func(s *ast.SelectorExpr, on ast.Expr) {
		if name := exprName(on); name != "" {
			line := files.Position(s.Sel.Pos()).Line
			calls[line] = append(calls[line], call{s.Sel.Name, name})
		}
	}
	called := map[*ast.SelectorExpr]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if s, ok := n.Fun.(*ast.SelectorExpr); ok {
				called[s] = true
				add(s, subject(s, n.Args))
			}
		case *ast.SelectorExpr:
			if !called[n] {
				add(n, n.X)
			}
		}
		return true
	})
	return calls
}

// subject is what a call is about: its receiver, or what is announced by Read or
// Write.
func subject(s *ast.SelectorExpr, args []ast.Expr) ast.Expr {
	if len(args) == 1 && (s.Sel.Name == "Read" || s.Sel.Name == "Write") {
		if a, ok := args[0].(*ast.UnaryExpr); ok && a.Op == token.AND {
			return a.X
		}
	}
	return s.X
}

// exprName is an expression that names a variable, as it is written; otherwise
// empty.
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
