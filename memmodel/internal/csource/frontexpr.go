package csource

import (
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"

	"modernc.org/cc/v4"
)

// number is the value of a constant expression.
func (c *front) number(n cc.ExpressionNode) int64 {
	switch v := n.Value().(type) {
	case cc.Int64Value:
		return int64(v)
	case cc.UInt64Value:
		return int64(v)
	}
	fail(position(n), "this has to be an integer constant")
	return 0
}

// isPlace reports whether e is something in memory, or a variable.
func (e *expr) isPlace() bool {
	switch e.kind {
	case varExpr, derefExpr, memberExpr, initExpr:
		return true
	}
	return false
}

// isBitField reports whether e is a bit-field, which is promoted by its width and not by its type.
func (e *expr) isBitField() bool { return e.bits != nil && e.bits.part == nil }

// rvalue converts an expression for its value: arrays and functions become
// pointers. A node of a place stands for a read of it.
func (c *front) rvalue(n cc.ExpressionNode) *expr {
	e := c.expr(n)
	if e.t.kind == arrayType && e.isPlace() {
		if e.kind == varExpr {
			e.v.addressed = true
		}
		return &expr{kind: addrExpr, at: e.at, t: pointerT, x: e}
	}
	return e
}

// effect converts an expression whose value is not used.
func (c *front) effect(n cc.ExpressionNode) *expr {
	e := c.expr(n)
	if e.kind == updateExpr {
		e.post = false
	}
	return e
}

// convert makes a scalar one of type t.
func (c *front) convert(e *expr, t *ctype) *expr {
	switch {
	case t.kind == recordType, e.t.kind == recordType:
		return e
	case t.kind == voidType:
	case e.t == t && !e.isBitField(), e.kind == stringExpr:
		return e
	case e.t.kind == voidType:
		fail(e.at, "this has no value")
	case e.kind == constExpr && e.sizeof == nil:
		return constant(e.at, t, wrapConst(e.k, t))
	}
	return &expr{kind: castExpr, at: e.at, t: t, x: e}
}

func (c *front) typeOf(n cc.ExpressionNode) *ctype {
	return c.types.of(n.Type(), position(n))
}

// placeType is the type of the object that n denotes. An array stays an array.
func (c *front) placeType(n cc.ExpressionNode) *ctype {
	t := n.Type().Undecay()
	if t.Kind() == cc.Void || t.Kind() == cc.Function || t.IsIncomplete() {
		return c.types.of(t, position(n))
	}
	return c.types.layout(t, position(n))
}

func (c *front) expr(n cc.ExpressionNode) *expr {
	if c.depth++; c.depth > maxDepth {
		fail(position(n), "expressions are nested too deep")
	}
	defer func() { c.depth-- }()
	switch n := n.(type) {
	case *cc.ExpressionList:
		return c.list(n)
	case *cc.PrimaryExpression:
		return c.primary(n)
	case *cc.PostfixExpression:
		return c.postfix(n)
	case *cc.UnaryExpression:
		return c.unary(n)
	case *cc.CastExpression:
		if n.Case == cc.CastExpressionUnary {
			return c.expr(n.UnaryExpression)
		}
		c.checkTypeName(n.TypeName)
		t := c.types.of(n.TypeName.Type(), position(n))
		x := c.becomes(c.rvalue(n.CastExpression), n.TypeName.Type())
		c.checkCast(n, x)
		if t.kind == recordType && x.kind == builtinExpr {
			fail(position(n), "%s is a struct, and cannot be accessed as one word: do it for its members", t.name)
		}
		return c.convert(x, t)
	case *cc.AssignmentExpression:
		return c.assignment(n)
	case *cc.ConditionalExpression:
		return c.conditional(n)
	case *cc.ConstantExpression:
		return c.expr(n.ConditionalExpression)
	}
	return c.operator(n)
}

// checkCast notes where a pointer to one struct becomes a pointer to another.
// The members of these structs then have no class. x is what is cast.
func (c *front) checkCast(n *cc.CastExpression, x *expr) {
	from, ok1 := n.CastExpression.Type().(*cc.PointerType)
	to, ok2 := n.TypeName.Type().(*cc.PointerType)
	if !ok1 || !ok2 {
		return
	}
	a, b := from.Elem(), to.Elem()
	if isRecord(a) && isRecord(b) && !a.IsIncomplete() && !b.IsIncomplete() && recordKey(a) != recordKey(b) {
		c.types.punned = append(c.types.punned, recordKey(a), recordKey(b))
	}
	if isRecord(b) && !b.IsIncomplete() && cc.IsScalarType(a) && a.Size() > 1 { // as in (atomic_long_t *)&word
		c.types.punned = append(c.types.punned, recordKey(b))
	}
	if a.Kind() == cc.Void && cc.IsIntegerType(b) && b.Size() > 1 && b.Size() < 8 {
		c.types.cast[c.types.of(b, position(n)).number()] = true
	}
	if cc.IsIntegerType(a) && cc.IsIntegerType(b) && a.Size() == b.Size() && cc.IsSignedInteger(a) != cc.IsSignedInteger(b) {
		c.types.signs = true
	}
	if cc.IsScalarType(a) && cc.IsScalarType(b) && a.Size() > 1 && b.Size() > 1 && a.Size() != b.Size() && !isLocal(x) {
		fail(position(n), "memory of type %s cannot be accessed as %s: accesses of different sizes to the same memory are not supported", a, b)
	}
}

// isLocal reports whether an expression is the address of a local variable, or of a part of
// one. That may be accessed in other sizes; see localbytes.go.
func isLocal(x *expr) bool {
	if x.kind != addrExpr {
		return false
	}
	for x = x.x; x.kind == memberExpr; x = x.x {
	}
	return x.kind == varExpr && !x.v.static
}

func isRecord(t cc.Type) bool { return t.Kind() == cc.Struct || t.Kind() == cc.Union }

func (c *front) list(n *cc.ExpressionList) *expr {
	x := c.expr(n.AssignmentExpression)
	for l := n.ExpressionList; l != nil; l = l.ExpressionList {
		y := c.rvalue(l.AssignmentExpression)
		x = &expr{kind: commaExpr, at: x.at, t: y.t, x: x, y: y}
	}
	return x
}

func (c *front) primary(n *cc.PrimaryExpression) *expr {
	at := position(n)
	switch n.Case {
	case cc.PrimaryExpressionIdent:
		return c.ident(n, at)
	case cc.PrimaryExpressionInt, cc.PrimaryExpressionChar, cc.PrimaryExpressionLChar:
		t := c.typeOf(n)
		return constant(at, t, wrapConst(c.number(n), t))
	case cc.PrimaryExpressionString:
		s, _ := n.Value().(cc.StringValue)
		return &expr{kind: stringExpr, at: at, t: pointerT, name: strings.TrimSuffix(string(s), "\x00")}
	case cc.PrimaryExpressionExpr:
		return c.expr(n.ExpressionList)
	case cc.PrimaryExpressionStmt:
		return c.block(n, at)
	case cc.PrimaryExpressionGeneric:
		return c.generic(n.GenericSelection, at)
	case cc.PrimaryExpressionFloat:
		fail(at, "floating point is not supported")
	}
	fail(at, "this expression is not supported")
	return nil
}

func (c *front) ident(n *cc.PrimaryExpression, at graph.Pos) *expr {
	switch d := n.ResolvedTo().(type) {
	case *cc.Enumerator:
		t := c.typeOf(n)
		return constant(at, t, wrapConst(c.number(n), t))
	case *cc.Declarator:
		if d.Type().Kind() == cc.Function {
			f := c.function(d.Name())
			if f == nil {
				fail(at, "%s has no body", d.Name())
			}
			f.taken = true
			t := c.types.of(d.Type(), at)
			return &expr{kind: funcExpr, at: at, t: &ctype{kind: pointerType, size: 8, name: t.name, sig: t.sig}, fn: f}
		}
		if d.Name() == "__func__" && c.fn != nil {
			return &expr{kind: stringExpr, at: at, t: pointerT, name: c.fn.name}
		}
		v := c.variable(d, at)
		return &expr{kind: varExpr, at: at, t: atomicType(v.t, v.atomic), v: v}
	}
	fail(at, "%s is not declared", n.Token.SrcStr())
	return nil
}

// atomicType is t for something that was declared _Atomic.
func atomicType(t *ctype, atomic bool) *ctype {
	if !atomic || t.atomic || !t.scalar() {
		return t
	}
	a := *t
	a.atomic = true
	return &a
}

// block is a statement expression; its value is that of the last statement.
func (c *front) block(n *cc.PrimaryExpression, at graph.Pos) *expr {
	outer := len(c.scope)
	e := &expr{kind: blockExpr, at: at, t: voidT, body: unlabeled(c.items(n.CompoundStatement))}
	c.scope = c.scope[:outer] // a blockExpr ends its scope itself
	if k := len(e.body) - 1; k >= 0 && e.body[k].kind == evalStmt {
		e.x = e.body[k].x
		e.body = e.body[:k]
		e.t = e.x.t
		if e.t.kind == arrayType {
			fail(at, "this statement expression ends with an array")
		}
	}
	return e
}

// unlabeled has what the last of some statements is behind its labels as statements of their
// own: ({ ... out: r; }) has the value of r.
func unlabeled(list []*stmt) []*stmt {
	for {
		k := len(list) - 1
		if k < 0 || list[k].kind != blockStmt || len(list[k].body) == 0 || list[k].body[0].kind != labelStmt {
			return list
		}
		list = append(list[:k], list[k].body...)
	}
}

func (c *front) unary(n *cc.UnaryExpression) *expr {
	at := position(n)
	switch n.Case {
	case cc.UnaryExpressionInc:
		return c.step(n.UnaryExpression, ir.Add, false, at)
	case cc.UnaryExpressionDec:
		return c.step(n.UnaryExpression, ir.Sub, false, at)
	case cc.UnaryExpressionAddrof:
		return c.addressOf(c.expr(n.CastExpression), at)
	case cc.UnaryExpressionDeref:
		x := c.rvalue(n.CastExpression)
		if x.kind == funcExpr || x.t.sig != "" {
			return x // *f is f
		}
		if x.kind == castExpr && x.x.kind == builtinExpr && x.x.name == "__cc_once" {
			t := *c.placeType(n)
			t.volatile = true
			return c.deref(x.x.args[0], &t, at)
		}
		return c.deref(x, atomicType(c.placeType(n), pointedAtomic(n.CastExpression)), at)
	case cc.UnaryExpressionPlus:
		x := c.rvalue(n.CastExpression)
		return c.convert(x, promoted(x))
	case cc.UnaryExpressionMinus:
		return c.unaryOp(ir.Neg, n, at)
	case cc.UnaryExpressionCpl:
		return c.unaryOp(ir.Inv, n, at)
	case cc.UnaryExpressionNot:
		return &expr{kind: unaryExpr, op: ir.Not, at: at, t: intT, x: c.rvalue(n.CastExpression)}
	case cc.UnaryExpressionSizeofType:
		c.checkTypeName(n.TypeName)
		return c.sizeof(n, n.TypeName.Type(), at)
	case cc.UnaryExpressionSizeofExpr:
		return c.sizeof(n, n.UnaryExpression.Type().Undecay(), at)
	case cc.UnaryExpressionLabelAddr:
		fail(at, "the address of a label is not supported, nor is goto to one: use a switch over numbers")
	case cc.UnaryExpressionAlignofType, cc.UnaryExpressionAlignofExpr:
		return constant(at, ulongT, c.number(n))
	}
	fail(at, "this operator is not supported")
	return nil
}

func (c *front) unaryOp(op ir.ExprOp, n *cc.UnaryExpression, at graph.Pos) *expr {
	x := c.rvalue(n.CastExpression)
	checkWide(x)
	t := promoted(x)
	return &expr{kind: unaryExpr, op: op, at: at, t: t, x: c.convert(x, t)}
}

func (c *front) sizeof(n *cc.UnaryExpression, t cc.Type, at graph.Pos) *expr {
	if isVariableArray(t) {
		if n.UnaryExpression == nil {
			fail(at, "the size of this is not constant")
		}
		if x := c.expr(n.UnaryExpression); x.kind == varExpr && x.v.count != nil {
			return x.v.size(at)
		}
		fail(at, "the size of this is not constant")
	}
	e := constant(at, ulongT, c.number(n))
	if n.UnaryExpression != nil {
		if x := c.ownType(n.UnaryExpression); x != nil {
			e.k = x.t.size
		}
	}
	if t.Kind() != cc.Void && t.Kind() != cc.Function && !t.IsIncomplete() && e.k > 0 {
		e.sizeof = c.types.layout(t, at)
	}
	return e
}

func (c *front) addressOf(x *expr, at graph.Pos) *expr {
	switch {
	case x.kind == funcExpr:
		return x
	case !x.isPlace():
		fail(at, "this has no address")
	case x.isBitField():
		fail(at, "a bit-field has no address: READ_ONCE and the like need a member of its own")
	}
	if x.kind == varExpr && x.v.count != nil {
		return x // it is a pointer to its elements
	}
	if x.kind == varExpr {
		x.v.addressed = true
	}
	if x.kind == derefExpr {
		return x.x // &*p is p
	}
	return &expr{kind: addrExpr, at: at, t: pointerT, x: x}
}

func (c *front) deref(x *expr, t *ctype, at graph.Pos) *expr {
	if x.kind == addrExpr && x.x.t == t {
		return x.x // *&x is x
	}
	return &expr{kind: derefExpr, at: at, t: t, x: x}
}

// step is ++ or --.
func (c *front) step(n cc.ExpressionNode, op ir.ExprOp, post bool, at graph.Pos) *expr {
	x := c.target(n)
	by := int64(1)
	arith := x.t
	if p, ok := n.Type().(*cc.PointerType); ok {
		by = pointee(p)
	} else if arith.kind == intType && arith.size < 4 {
		arith = intT
	}
	return &expr{kind: updateExpr, op: op, post: post, at: at, t: x.t, arith: arith, x: x, y: constant(at, arith, by)}
}

// target converts the left side of an assignment.
func (c *front) target(n cc.ExpressionNode) *expr {
	x := c.expr(n)
	if !x.isPlace() {
		fail(x.at, "this cannot be assigned to")
	}
	if x.kind == varExpr {
		if x.v.constant {
			fail(x.at, "%s is const: it cannot be assigned to", x.v.name)
		}
		x.v.assigned++
	}
	return x
}

// pointee is the size of what p points to, 1 for void.
func pointee(p *cc.PointerType) int64 {
	if t := p.Elem(); t.Kind() != cc.Void && t.Kind() != cc.Function && !t.IsIncomplete() {
		return t.Size()
	}
	return 1
}

var assignOps = map[cc.AssignmentExpressionCase]ir.ExprOp{
	cc.AssignmentExpressionMul: ir.Mul, cc.AssignmentExpressionDiv: ir.Div, cc.AssignmentExpressionMod: ir.Mod,
	cc.AssignmentExpressionAdd: ir.Add, cc.AssignmentExpressionSub: ir.Sub,
	cc.AssignmentExpressionLsh: ir.Shl, cc.AssignmentExpressionRsh: ir.Shr,
	cc.AssignmentExpressionAnd: ir.And, cc.AssignmentExpressionXor: ir.Xor, cc.AssignmentExpressionOr: ir.Or,
}

func (c *front) assignment(n *cc.AssignmentExpression) *expr {
	at := position(n)
	if n.Case == cc.AssignmentExpressionCond {
		return c.expr(n.ConditionalExpression)
	}
	x := c.target(n.UnaryExpression)
	y := c.rvalue(n.AssignmentExpression)
	if n.Case == cc.AssignmentExpressionAssign {
		return &expr{kind: assignExpr, at: at, t: x.t, x: x, y: c.convert(c.becomes(y, n.UnaryExpression.Type()), x.t)}
	}
	e := &expr{kind: updateExpr, op: assignOps[n.Case], at: at, t: x.t, x: x, y: y, arith: x.t}
	switch p, ok := n.UnaryExpression.Type().(*cc.PointerType); {
	case ok:
		arithmetic(y)
		e.y = scaled(c.convert(y, longT), pointee(p))
	case e.op == ir.Shl || e.op == ir.Shr:
		arithmetic(x, y)
		e.arith = promoted(x)
		e.y = c.convert(y, intT)
	default:
		arithmetic(x, y)
		e.arith = usual(x, y)
		e.y = c.convert(y, e.arith)
	}
	return e
}

func scaled(e *expr, by int64) *expr {
	if by == 1 {
		return e
	}
	if e.kind == constExpr {
		return constant(e.at, e.t, e.k*by)
	}
	return &expr{kind: binaryExpr, op: ir.Mul, at: e.at, t: longT, x: e, y: constant(e.at, longT, by)}
}

func (c *front) conditional(n *cc.ConditionalExpression) *expr {
	if n.Case == cc.ConditionalExpressionLOr {
		return c.expr(n.LogicalOrExpression)
	}
	at := position(n)
	t := c.typeOf(n)
	if t.kind == recordType {
		t = c.placeType(n)
	}
	e := &expr{kind: condExpr, at: at, t: t, x: c.rvalue(n.LogicalOrExpression)}
	y := e.x
	if n.ExpressionList != nil {
		y = c.rvalue(n.ExpressionList)
	}
	z := c.rvalue(n.ConditionalExpression)
	if t.kind == intType && y.t.kind == intType && z.t.kind == intType {
		e.t = usual(y, z)
	}
	if n.ExpressionList != nil {
		e.y = c.arm(y, e.t)
	}
	e.z = c.arm(z, e.t)
	return e
}

func (c *front) arm(e *expr, t *ctype) *expr {
	if t.kind == voidType {
		return e
	}
	return c.convert(e, t)
}

// arithmetic checks that operands are integers.
func arithmetic(list ...*expr) {
	for _, x := range list {
		if x.t.kind != intType {
			fail(x.at, "an integer is needed here, and this is %s", x.t.name)
		}
	}
}
