package csource

import (
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"sync"

	"modernc.org/cc/v4"

	"crosscall/memmodel/graph"
)

// For some errors package cc gives no place, or prints a line instead. The place is
// found in the tree before type checking. That costs a second parse, and so is done
// only if something is or may be wrong.

// strangeMember finds text that may be a struct's member without a name: package
// cc prints a line for such a member.
var strangeMember = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`[^(\s;]\s*;\s*;|\{\s*;|\benum\b[\w\s]*\{[^{}]*\}\s*;|\b(int|char|short|long|signed|unsigned|_Bool)\s*;`)
})

// hasStrangeMember reports whether text may have a struct's member without a name. An enum outside
// of all braces, as headers have them, is none.
func hasStrangeMember(text []byte) bool {
	depth, counted := 0, 0
	for _, m := range strangeMember().FindAllIndex(text, -1) {
		depth += deeper(text[counted:m[0]])
		if counted = m[0]; depth > 0 || !bytes.HasPrefix(text[m[0]:], []byte("enum")) {
			return true
		}
	}
	return false
}

// deeper is how many braces more are opened than closed in text, outside of strings and characters.
func deeper(text []byte) (n int) {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{':
			n++
		case '}':
			n--
		case '"', '\'':
			i += literal(text[i:]) - 1
		}
	}
	return n
}

// treeError is the first error in the tree of a file, by place; nil if it has none.
func treeError(cfg *cc.Config, sources []cc.Source) (first *Error) {
	return findError(cfg, sources, (*treeChecker).visit)
}

// panicCause is the first expression in the tree of a file on which package cc may have panicked: a
// condition that is cast to void, GNU's ?: with a first operand that is constant, or a call of a
// function that is declared nowhere; nil if there is none. Its place is as package cc has it.
func panicCause(cfg *cc.Config, sources []cc.Source) error {
	e := findError(cfg, sources, func(t *treeChecker, n any) {
		switch n := n.(type) {
		case *cc.PostfixExpression:
			if n.Case != cc.PostfixExpressionCall {
				break
			}
			if name := t.undeclared(n); name != nil && !strings.HasPrefix(name.Token.SrcStr(), "__cc_") {
				t.found(placeIn(name), name.Token.SrcStr()+" is not declared")
			}
		case *cc.ConditionalExpression:
			if n.Case == cc.ConditionalExpressionCond {
				t.truth(n.LogicalOrExpression)
				t.elvis(n)
			}
		case *cc.LogicalOrExpression:
			if n.Case == cc.LogicalOrExpressionLOr {
				t.truth(n.LogicalOrExpression, n.LogicalAndExpression)
			}
		case *cc.LogicalAndExpression:
			if n.Case == cc.LogicalAndExpressionLAnd {
				t.truth(n.LogicalAndExpression, n.InclusiveOrExpression)
			}
		}
	})
	if e == nil {
		return nil
	}
	return asFront(e)
}

// asFront is e as an error of package cc, with its place as package cc has it.
func asFront(e *Error) error {
	return fmt.Errorf("%s:%d:%d: %s", e.Pos.File, e.Pos.Line, e.Pos.Col, e.Msg)
}

func placeIn(n cc.Node) graph.Pos {
	p := n.Position()
	return graph.Pos{File: p.Filename, Line: p.Line, Col: p.Column}
}

// truth checks that conditions have values.
func (t *treeChecker) truth(list ...cc.ExpressionNode) {
	for _, n := range list {
		x, ok := plainOperand(n).(*cc.CastExpression)
		if !ok || x.Case != cc.CastExpressionCast || x.TypeName.AbstractDeclarator != nil {
			continue
		}
		if s := x.TypeName.SpecifierQualifierList; s.Case == cc.SpecifierQualifierListTypeSpec && s.TypeSpecifier.Case == cc.TypeSpecifierVoid {
			t.found(placeIn(x), "this has no value, because it is void, and a condition needs one")
		}
	}
}

// elvis refuses x ?: y where x is constant: package cc looks for what is between ? and : then.
func (t *treeChecker) elvis(n *cc.ConditionalExpression) {
	if n.ExpressionList != nil {
		return
	}
	names, unevaluated := make(map[any]bool), make(map[any]bool)
	inside := func(x any, set map[any]bool) {
		walkTree(reflect.ValueOf(x), make(map[any]bool), func(n any) {
			if x, ok := n.(*cc.PrimaryExpression); ok && x.Case == cc.PrimaryExpressionIdent && !t.constants[x.Token.SrcStr()] {
				set[n] = true
			}
		})
	}
	inside(n.LogicalOrExpression, names)
	walkTree(reflect.ValueOf(n.LogicalOrExpression), make(map[any]bool), func(n any) {
		switch n := n.(type) {
		case *cc.GenericSelection:
			inside(n.AssignmentExpression, unevaluated)
		case *cc.UnaryExpression:
			if n.Case == cc.UnaryExpressionSizeofExpr || n.Case == cc.UnaryExpressionAlignofExpr {
				inside(n.UnaryExpression, unevaluated)
			}
		}
	})
	constant := len(names) == len(unevaluated)
	if constant {
		t.found(placeIn(n), "the first operand of this ?: is constant: that is not supported, write its value between ? and :")
	}
}

// findError is the first error, by place, that visit finds in the tree of a file.
func findError(cfg *cc.Config, sources []cc.Source, visit func(*treeChecker, any)) (first *Error) {
	ast, err := cc.Parse(cfg, sources)
	if err != nil {
		return nil
	}
	t := &treeChecker{declared: make(map[string]bool), constants: make(map[string]bool)}
	var nodes []any
	walkTree(reflect.ValueOf(ast.TranslationUnit), make(map[any]bool), func(n any) {
		nodes = append(nodes, n)
		switch n := n.(type) {
		case *cc.Declarator:
			t.declared[n.Name()] = true
			t.constants[n.Name()] = n.IsConst()
		case *cc.Enumerator:
			t.constants[n.Token.SrcStr()] = true
		}
	})
	for _, n := range nodes {
		visit(t, n)
	}
	return t.first
}

type treeChecker struct {
	declared  map[string]bool
	constants map[string]bool // of these, names that may be constant
	labels    map[string]bool // of the function that the walk is in
	first     *Error
}

func (t *treeChecker) found(at graph.Pos, msg string) {
	if t.first == nil || at.Line < t.first.Pos.Line || at.Line == t.first.Pos.Line && at.Col < t.first.Pos.Col {
		t.first = &Error{Pos: at, Msg: msg}
	}
}

func (t *treeChecker) visit(n any) {
	switch n := n.(type) {
	case *cc.FunctionDefinition:
		t.labels = make(map[string]bool)
	case *cc.LabeledStatement:
		t.label(n)
	case *cc.UnaryExpression:
		switch n.Case {
		case cc.UnaryExpressionAddrof:
			t.place(n.CastExpression, placeIn(n), "this has no address")
		case cc.UnaryExpressionInc, cc.UnaryExpressionDec:
			t.place(n.UnaryExpression, placeIn(n), "this cannot be assigned to")
		}
	case *cc.PostfixExpression:
		if n.Case == cc.PostfixExpressionInc || n.Case == cc.PostfixExpressionDec {
			t.place(n.PostfixExpression, placeIn(n), "this cannot be assigned to")
		}
	case *cc.AssignmentExpression:
		if n.Case != cc.AssignmentExpressionCond {
			t.place(n.UnaryExpression, placeIn(n.UnaryExpression), "this cannot be assigned to")
		}
	case *cc.StructDeclaration:
		if n.Case == cc.StructDeclarationDecl && n.StructDeclaratorList == nil && !declaresRecord(n.SpecifierQualifierList) {
			t.found(placeIn(n), "this declares no member of the struct")
		}
	}
}

// label notes a label. Package cc has one scope of labels in a function, also where
// __label__ makes more.
func (t *treeChecker) label(n *cc.LabeledStatement) {
	if n.Case != cc.LabeledStatementLabel {
		return
	}
	name := n.Token.SrcStr()
	if t.labels[name] {
		shown, _, _ := strings.Cut(name, ofLine)
		t.found(placeIn(n), "the function has a label "+shown+" already, maybe by a macro that is used twice in one line, or by a __label__ that is in no macro: put it into a function")
	}
	t.labels[name] = true
}

// place checks that an operand is something in memory.
func (t *treeChecker) place(n cc.ExpressionNode, at graph.Pos, msg string) {
	switch x := plainOperand(n).(type) {
	case *cc.PrimaryExpression:
		switch x.Case {
		case cc.PrimaryExpressionIdent, cc.PrimaryExpressionString, cc.PrimaryExpressionStmt, cc.PrimaryExpressionGeneric:
			return
		}
	case *cc.PostfixExpression:
		if x.Case != cc.PostfixExpressionCall {
			return
		}
		if name := t.undeclared(x); name != nil {
			t.found(placeIn(name), name.Token.SrcStr()+" is not declared")
			return
		}
	case *cc.UnaryExpression:
		if x.Case == cc.UnaryExpressionDeref || x.Case == cc.UnaryExpressionReal || x.Case == cc.UnaryExpressionImag {
			return
		}
	}
	t.found(at, msg)
}

// undeclared is the name in a call, if no such function is declared.
func (t *treeChecker) undeclared(call *cc.PostfixExpression) *cc.PrimaryExpression {
	callee, ok := plainOperand(call.PostfixExpression).(*cc.PrimaryExpression)
	if !ok || callee.Case != cc.PrimaryExpressionIdent || t.declared[callee.Token.SrcStr()] || strings.HasPrefix(callee.Token.SrcStr(), "__builtin_") {
		return nil
	}
	return callee
}

// plainOperand removes parentheses, and nodes that only wrap another.
func plainOperand(n cc.ExpressionNode) cc.ExpressionNode {
	for {
		switch x := n.(type) {
		case *cc.CastExpression:
			if x.Case != cc.CastExpressionUnary {
				return n
			}
			n = x.UnaryExpression
		case *cc.UnaryExpression:
			if x.Case != cc.UnaryExpressionPostfix {
				return n
			}
			n = x.PostfixExpression
		case *cc.PostfixExpression:
			if x.Case != cc.PostfixExpressionPrimary {
				return n
			}
			n = x.PrimaryExpression
		case *cc.PrimaryExpression:
			if x.Case != cc.PrimaryExpressionExpr {
				return n
			}
			n = x.ExpressionList
		case *cc.ExpressionList:
			if x.ExpressionList != nil {
				return n
			}
			n = x.AssignmentExpression
		case *cc.AssignmentExpression:
			if x.Case != cc.AssignmentExpressionCond {
				return n
			}
			n = x.ConditionalExpression
		case *cc.ConditionalExpression:
			if x.Case != cc.ConditionalExpressionLOr {
				return n
			}
			n = x.LogicalOrExpression
		default:
			_, only := binary(n)
			if only == nil {
				return n
			}
			n = only
		}
	}
}

// declaresRecord reports whether specifiers declare a struct or a union, which may be
// a member without a name.
func declaresRecord(n *cc.SpecifierQualifierList) bool {
	for ; n != nil; n = n.SpecifierQualifierList {
		if n.Case == cc.SpecifierQualifierListTypeSpec {
			switch n.TypeSpecifier.Case {
			case cc.TypeSpecifierStructOrUnion, cc.TypeSpecifierTypeName, cc.TypeSpecifierTypeofExpr, cc.TypeSpecifierTypeofType:
				return true
			}
		}
	}
	return false
}

// walkTree calls visit for all nodes under v, from left to right.
func walkTree(v reflect.Value, seen map[any]bool, visit func(any)) {
	for v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return
	}
	fields := fieldsOf(v.Type())
	if fields == nil {
		return
	}
	n := v.Interface()
	if seen[n] {
		return
	}
	seen[n] = true
	visit(n)
	for _, i := range fields {
		walkTree(v.Elem().Field(i), seen, visit)
	}
}

// nodeFields has what fieldsOf has found out, by type.
var nodeFields sync.Map // of reflect.Type to []int

// fieldsOf lists the fields that may hold nodes, of a pointer to a node; nil for other types.
func fieldsOf(t reflect.Type) (fields []int) {
	if known, ok := nodeFields.Load(t); ok {
		return known.([]int)
	}
	s := t.Elem()
	if s.Kind() == reflect.Struct && strings.HasPrefix(s.PkgPath(), "modernc.org/cc/") {
		fields = []int{}
		for i := range s.NumField() {
			f := s.Field(i)
			kind := f.Type.Kind()
			if f.IsExported() && !f.Anonymous && (kind == reflect.Interface || kind == reflect.Pointer) {
				fields = append(fields, i)
			}
		}
	}
	nodeFields.Store(t, fields)
	return fields
}

// unknownBefore finds a word that stands as a statement, with or without operands,
// right before a place where another statement begins. Such a word is an undefined
// macro or an undefined type.
func unknownBefore(src []byte, at graph.Pos) (name string, place graph.Pos, ok bool) {
	lines := strings.SplitAfter(string(src), "\n")
	if at.Line < 1 || at.Line > len(lines) || at.Col < 1 || at.Col > len(lines[at.Line-1])+1 {
		return "", place, false
	}
	before := strings.TrimRight(strings.Join(lines[:at.Line-1], "")+lines[at.Line-1][:at.Col-1], " \t\n")
	end := len(before)
	if strings.HasSuffix(before, ")") {
		depth := 0
		for end--; end >= 0; end-- {
			if before[end] == ')' {
				depth++
			} else if before[end] == '(' {
				if depth--; depth == 0 {
					break
				}
			}
		}
		if end < 0 {
			return "", place, false
		}
		before = strings.TrimRight(before[:end], " \t")
	}
	start := len(before)
	for start > 0 && inName(rune(before[start-1])) {
		start--
	}
	name = before[start:]
	lead := strings.TrimRight(before[:start], " \t\n")
	if name == "" || name[0] >= '0' && name[0] <= '9' || keywords[name] || lead != "" && !strings.ContainsAny(lead[len(lead)-1:], ";{})") {
		return "", place, false
	}
	line := strings.LastIndexByte(before, '\n') + 1
	return name, graph.Pos{File: at.File, Line: 1 + strings.Count(before, "\n"), Col: 1 + start - line}, true
}

var keywords = wordSet(`if else while for do switch return goto break continue case default sizeof struct union enum
	typedef static extern const volatile int char short long signed unsigned void inline register auto restrict`)
