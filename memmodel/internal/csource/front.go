package csource

import (
	"strings"

	"modernc.org/cc/v4"

	"crosscall/memmodel/graph"
)

// A front makes the tree of what package cc has parsed and checked.
type front struct {
	types     typist
	vars      map[*cc.Declarator]*variable
	globals   map[string]*variable // of file scope
	functions map[string]*function
	defs      map[string]*cc.FunctionDefinition
	order     []*variable // the static variables, in the order of the source
	labels    map[cc.Node]any
	fn        *function   // being converted
	scope     []*variable // those with a cleanup that are in scope
	depth     int
	verified  bool // the program calls functions of SV-COMP
}

func newFront() *front {
	return &front{
		types:     typist{known: make(map[cc.Type]*ctype), held: make(map[uint8]bool), cast: make(map[uint8]bool)},
		vars:      make(map[*cc.Declarator]*variable),
		globals:   make(map[string]*variable),
		functions: make(map[string]*function),
		defs:      make(map[string]*cc.FunctionDefinition),
		labels:    make(map[cc.Node]any),
	}
}

func position(n cc.Node) graph.Pos {
	p := n.Position()
	return graph.Pos{File: shownFile(p.Filename), Line: p.Line, Col: p.Column}
}

// unit converts a file. Functions are entered first, so that bodies can refer
// to those that follow; bodies are converted only where something reaches them.
func (c *front) unit(ast *cc.AST) {
	for l := ast.TranslationUnit; l != nil; l = l.TranslationUnit {
		if d := l.ExternalDeclaration; d.Case == cc.ExternalDeclarationFuncDef {
			f := d.FunctionDefinition.Declarator
			if other := c.defs[f.Name()]; other != nil {
				fail(position(f), "%s has a body already, at %s", f.Name(), placeText(position(other.Declarator)))
			}
			c.defs[f.Name()] = d.FunctionDefinition
		}
	}
	for l := ast.TranslationUnit; l != nil; l = l.TranslationUnit {
		switch d := l.ExternalDeclaration; d.Case {
		case cc.ExternalDeclarationDecl:
			c.staticData(d.Declaration)
		case cc.ExternalDeclarationAsmStmt:
			fail(position(d), "assembly is not supported")
		}
	}
}

// staticData enters the variables of a declaration at file scope.
func (c *front) staticData(d *cc.Declaration) {
	if d.Case != cc.DeclarationDecl {
		return
	}
	if d.DeclarationSpecifiers == nil && d.InitDeclaratorList != nil {
		n := d.InitDeclaratorList.InitDeclarator.Declarator
		fail(position(n), "%s is not known here, neither as a macro nor as a type", n.Name())
	}
	for l := d.InitDeclaratorList; l != nil; l = l.InitDeclaratorList {
		n := l.InitDeclarator
		attributes := append(attributesOf(d.DeclarationSpecifiers), n.AttributeSpecifierList)
		if n.Declarator.IsTypename() || strings.HasPrefix(position(n.Declarator).File, "<") || n.Declarator.Type().Kind() == cc.Function {
			continue
		}
		v := c.global(n.Declarator, n.Initializer)
		v.percpu = max(v.percpu, c.percpuCopies(attributes...))
	}
}

// global enters a variable of file scope, which may be declared several times,
// and once with its initial value.
func (c *front) global(d *cc.Declarator, init *cc.Initializer) *variable {
	v := c.globals[d.Name()]
	if v == nil {
		v = &variable{name: d.Name(), at: position(d), static: true, thread: d.IsThreadLocal(), constant: isConstant(d), addressed: true}
		c.globals[d.Name()] = v
		c.order = append(c.order, v)
	}
	v.atomic = v.atomic || declaredAtomic(d)
	if v.t == nil || v.t.size == 0 {
		v.at = position(d)
		if d.IsExtern() && d.Type().IsIncomplete() {
			v.t = c.types.of(d.Type(), v.at)
		} else {
			v.t = c.types.layout(d.Type(), v.at)
		}
	}
	c.vars[d] = v
	if init != nil {
		v.hasInit = true
		v.inits = c.initializer(init, v.t)
		v.t = v.t.withElements(v.inits)
	}
	return v
}

// declaredAtomic reports whether _Atomic in a declaration applies to what is
// declared. In "_Atomic int *p" it applies to *p, and in the declaration of an
// array to the elements.
func declaredAtomic(d *cc.Declarator) bool {
	return d.IsAtomic() && d.Pointer == nil && d.Type().Kind() != cc.Array || lastQualifier(d, cc.TypeQualifierAtomic)
}

// lastQualifier reports whether a qualifier is that of a pointer itself, as const is in
// "int *const p".
func lastQualifier(d *cc.Declarator, qualifier cc.TypeQualifierCase) bool {
	p := d.Pointer
	for p != nil && p.Pointer != nil {
		p = p.Pointer
	}
	for q := typeQualifiers(p); q != nil; q = q.TypeQualifiers {
		if q.TypeQualifier != nil && q.TypeQualifier.Case == qualifier {
			return true
		}
	}
	return false
}

func typeQualifiers(p *cc.Pointer) *cc.TypeQualifiers {
	if p == nil {
		return nil
	}
	return p.TypeQualifiers
}

// isConstant reports whether a variable is const itself. Of a parameter "const char *p"
// package cc says that it is const, too.
func isConstant(d *cc.Declarator) bool {
	if !d.IsConst() || d.Type().Kind() != cc.Ptr {
		return d.IsConst()
	}
	return lastQualifier(d, cc.TypeQualifierConst) || d.Pointer == nil && d.Type().Typedef() != nil
}

// pointedAtomic reports whether *n is _Atomic by the declaration of n.
func pointedAtomic(n cc.ExpressionNode) bool {
	var d *cc.Declarator
	switch x := n.(type) {
	case *cc.PrimaryExpression:
		if x.Case == cc.PrimaryExpressionExpr {
			return pointedAtomic(x.ExpressionList)
		}
		d, _ = x.ResolvedTo().(*cc.Declarator)
	case *cc.PostfixExpression:
		if f := x.Field(); f != nil {
			d = f.Declarator()
		}
	}
	return d != nil && d.IsAtomic() && !declaredAtomic(d)
}

// variable finds what a name that stands for a variable was declared as.
func (c *front) variable(d *cc.Declarator, at graph.Pos) *variable {
	if v := c.vars[d]; v != nil {
		return v
	}
	if s := d.LexicalScope(); s == nil || s.Parent == nil || d.IsExtern() {
		return c.global(d, nil)
	}
	fail(at, "%s is used before it is declared", d.Name())
	return nil
}

// function converts the function of a name, unless that was done. The result is
// nil if the function has no body.
func (c *front) function(name string) *function {
	if f := c.functions[name]; f != nil {
		return f
	}
	def := c.defs[name]
	if def == nil {
		return nil
	}
	d := def.Declarator
	t := d.Type().(*cc.FunctionType)
	f := &function{name: name, at: position(d), sig: signature(t), scopes: make(map[any][]*variable)}
	c.functions[name] = f
	f.result, f.returned = c.types.layout(t.Result(), f.at), t.Result()
	for _, p := range t.Parameters() {
		if p.Type().Kind() == cc.Void {
			continue
		}
		v := &variable{name: p.Name(), at: f.at, t: c.types.layout(p.Type().Decay(), f.at)}
		if p.Declarator != nil {
			c.vars[p.Declarator] = v
			v.at, v.constant = position(p.Declarator), isConstant(p.Declarator)
		}
		v.addressed = !v.t.scalar()
		f.params = append(f.params, v)
	}
	outer, scope := c.fn, c.scope
	c.fn, c.scope = f, nil
	c.body(f, def)
	c.fn, c.scope = outer, scope
	if n := len(f.body); n > 0 && f.body[n-1].kind == returnStmt && f.returns == 1 {
		f.last = true
	}
	return f
}

// initializer lists the initial values of a variable.
func (c *front) initializer(n *cc.Initializer, t *ctype) []initial {
	if n.Case != cc.InitializerInitList && t.kind == recordType {
		if k := n.AssignmentExpression.Type().Kind(); k != cc.Struct && k != cc.Union {
			fail(position(n), "this is no %s: a struct needs an initializer in braces, or another struct", t.name)
		}
	}
	var list []initial
	c.initials(n, t, &list)
	return list
}

func (c *front) initials(n *cc.Initializer, whole *ctype, list *[]initial) {
	if n.Case == cc.InitializerInitList {
		for l := n.InitializerList; l != nil; l = l.InitializerList {
			c.initials(l.Initializer, whole, list)
		}
		return
	}
	at := position(n)
	x := c.rvalue(n.AssignmentExpression)
	t := c.types.layout(n.Type(), at)
	if t.kind == arrayType {
		if x.kind != stringExpr || len(t.leaves) > 0 && t.leaves[0].t.size != 1 {
			fail(at, "an array needs an initializer in braces, or, if it is one of char, a string")
		}
		for i, b := range []byte(x.name) {
			if int64(i) == t.size {
				break
			}
			*list = append(*list, initial{off: n.Offset() + int64(i), x: constant(at, charType, int64(int8(b))), t: charType})
		}
		return
	}
	if t.scalar() {
		x = c.convert(c.becomes(x, n.Type()), t)
	}
	if f := n.Field(); f != nil && f.IsBitfield() {
		b, off := bitsOf(f)
		*list = append(*list, initial{off: n.Offset() - f.Offset() + off, x: x, t: b.unit, bits: b})
		return
	}
	if b, _ := partAt(whole, n.Offset(), t); b != nil {
		for i := range n.Len() {
			b, word := partAt(whole, n.Offset()+i*t.size, t)
			*list = append(*list, initial{off: word, x: x, t: b.unit, bits: b})
		}
		return
	}
	if x.kind == initExpr && n.Len() == 1 { // GNU C has it as if its braces stood here
		for _, in := range x.inits {
			in.off += n.Offset()
			*list = append(*list, in)
		}
		return
	}
	if n.Len() > maxLeaves {
		fail(at, "this initializes more than %d elements", maxLeaves)
	}
	for i := range n.Len() {
		*list = append(*list, initial{off: n.Offset() + i*t.size, x: x, t: t})
	}
}

var (
	charType = &ctype{kind: intType, size: 1, signed: true, name: "char"}
	intT     = &ctype{kind: intType, size: 4, signed: true, name: "int"}
	uintT    = &ctype{kind: intType, size: 4, name: "unsigned int"}
	longT    = &ctype{kind: intType, size: 8, signed: true, name: "long"}
	ulongT   = &ctype{kind: intType, size: 8, name: "unsigned long"}
	voidT    = &ctype{kind: voidType, name: "void"}
	pointerT = &ctype{kind: pointerType, size: 8, name: "void *"}
)

func init() {
	for _, t := range []*ctype{charType, intT, uintT, longT, ulongT, pointerT} {
		t.leaves = []leaf{{t: t}}
	}
}

func constant(at graph.Pos, t *ctype, k int64) *expr {
	return &expr{kind: constExpr, at: at, t: t, k: k}
}
