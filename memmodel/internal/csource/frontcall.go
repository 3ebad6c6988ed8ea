package csource

import (
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"

	"modernc.org/cc/v4"
)

func (c *front) postfix(n *cc.PostfixExpression) *expr {
	at := position(n)
	switch n.Case {
	case cc.PostfixExpressionPrimary:
		return c.expr(n.PrimaryExpression)
	case cc.PostfixExpressionIndex:
		return c.index(n, at)
	case cc.PostfixExpressionCall:
		return c.call(n, at)
	case cc.PostfixExpressionSelect:
		return c.member(c.expr(n.PostfixExpression), n.PostfixExpression.Type(), n, at)
	case cc.PostfixExpressionPSelect:
		p, ok := n.PostfixExpression.Type().(*cc.PointerType)
		if !ok {
			fail(at, "-> needs a pointer")
		}
		t := c.types.of(p.Elem(), at)
		if isRecord(p.Elem()) && !p.Elem().IsIncomplete() {
			t = c.types.layout(p.Elem(), at)
		}
		x := c.deref(c.rvalue(n.PostfixExpression), t, at)
		return c.member(x, p.Elem(), n, at)
	case cc.PostfixExpressionInc:
		return c.step(n.PostfixExpression, ir.Add, true, at)
	case cc.PostfixExpressionDec:
		return c.step(n.PostfixExpression, ir.Sub, true, at)
	}
	c.checkTypeName(n.TypeName)
	v := &variable{name: "literal", at: at, t: c.types.layout(n.TypeName.Type(), at), addressed: true}
	e := &expr{kind: initExpr, at: at, t: v.t, v: v}
	for l := n.InitializerList; l != nil; l = l.InitializerList {
		c.initials(l.Initializer, v.t, &e.inits)
	}
	return e
}

func (c *front) index(n *cc.PostfixExpression, at graph.Pos) *expr {
	base, i := c.rvalue(n.PostfixExpression), c.rvalue(n.ExpressionList)
	if base.t.kind != pointerType {
		base, i = i, base
	}
	t := atomicType(c.placeType(n), pointedAtomic(n.PostfixExpression))
	i = scaled(c.convert(i, longT), t.size)
	if e := c.partElement(base, i, t, at); e != nil {
		return e
	}
	return &expr{kind: derefExpr, at: at, t: t, x: pointerPlus(base, ir.Add, i)}
}

// pointerPlus adds bytes to a pointer. The result has the pointer's type, and
// so still says what it points at.
func pointerPlus(p *expr, op ir.ExprOp, by *expr) *expr {
	if by.kind == constExpr && by.k == 0 {
		return p
	}
	return &expr{kind: binaryExpr, op: op, at: p.at, t: p.t, x: p, y: by}
}

// member is the place of a member, which may be in an anonymous one.
func (c *front) member(x *expr, t cc.Type, n *cc.PostfixExpression, at graph.Pos) *expr {
	name := n.Token2.SrcStr()
	f, off, key := find(t, name)
	if f == nil {
		fail(at, "%s has no member %s", t, name)
	}
	if !x.isPlace() && x.kind != callExpr && x.kind != blockExpr && x.kind != condExpr && x.kind != assignExpr && x.kind != commaExpr {
		fail(at, "this has no member %s", name)
	}
	ft := c.types.of(f.Type(), at)
	if !f.Type().IsIncomplete() {
		ft = c.types.layout(f.Type(), at)
	}
	if d := f.Declarator(); d != nil {
		ft = atomicType(ft, declaredAtomic(d))
	}
	e := &expr{kind: memberExpr, at: at, t: ft, x: x, k: off, member: key}
	if f.IsBitfield() {
		e.bits, _ = bitsOf(f)
	} else {
		e.asPart()
	}
	return e
}

// find looks for a member in a struct or union and in its anonymous members.
func find(t cc.Type, name string) (f *cc.Field, off int64, key string) {
	var n int
	var field func(int) *cc.Field
	switch t := t.(type) {
	case *cc.StructType:
		n, field = t.NumFields(), t.FieldByIndex
	case *cc.UnionType:
		n, field = t.NumFields(), t.FieldByIndex
	default:
		return nil, 0, ""
	}
	for i := range n {
		switch f := field(i); f.Name() {
		case name:
			off := f.Offset()
			if f.IsBitfield() {
				_, off = bitsOf(f)
			}
			return f, off, memberKey(recordKey(t), off)
		case "":
			if g, off, key := find(f.Type(), name); g != nil {
				return g, f.Offset() + off, key
			}
		}
	}
	return nil, 0, ""
}

// declared are functions that programs declare for themselves.
var declared = map[string]string{"__VERIFIER_assume": "__cc_assume", "get_my_tid": "__cc_cpu"}

// operands has the least number of arguments of each of the checker's
// functions; see builtin.go.
var operands = map[string]int{
	"__cc_prim": 1, "__cc_c11": 3, "__cc_alloc": 2, "__cc_alloca": 1, "__cc_beyond": 1, "__cc_scan": 1, "__cc_format": 3, "__cc_free": 1, "__cc_alloc_percpu": 3, "__cc_percpu_offset": 1, "__cc_defer": 3, "__cc_await": 1, "__cc_assert": 1, "__cc_assume": 1, "__cc_arrives": 1, coverName: 1,
	"__cc_choose": 1, "__cc_lapse": 3, "__cc_exit": 1, "__cc_result": 1, "__cc_mark": 1, "__cc_uses": 1, "__cc_create": 2, "__cc_join": 2, "__cc_once": 1, "__cc_fill": 3, "__cc_realloc": 2, "__cc_clear": 2, "__cc_copy": 3, "__cc_move": 3, "__cc_compare": 3, "__cc_popcount": 1, "__cc_ctz": 1,
	"__cc_unsupported": 1, "__cc_unreadable": 1,
}

func (c *front) call(n *cc.PostfixExpression, at graph.Pos) *expr {
	e := &expr{kind: callExpr, at: at}
	name := c.callee(n.PostfixExpression)
	switch name {
	case "__ccgo__types_compatible_p":
		return constant(at, intT, c.compatible(n))
	case "__builtin_choose_expr":
		return c.chooseExpr(n, at)
	}
	var ft *cc.FunctionType
	switch {
	case len(name) > 5 && name[:5] == "__cc_":
		e.kind, e.name, e.t = builtinExpr, name, c.types.of(n.Type(), at)
	case verifies(name, c.defs[name] != nil):
		e.kind, e.name, e.t = builtinExpr, name, c.types.of(n.Type(), at)
		c.verified = c.verified || name == reachError || strings.HasPrefix(name, verifierPrefix) && !isShim(at.File)
	case c.defs[name] == nil && declared[name] != "":
		e.kind, e.name, e.t = builtinExpr, declared[name], c.types.of(n.Type(), at)
	case c.standardCall(e, name, n):
	case name != "":
		e.fn = c.function(name)
		if e.fn == nil {
			return c.missing(name, n, at)
		}
		e.t = e.fn.result
		ft = c.defs[name].Declarator.Type().(*cc.FunctionType)
	default:
		e.x = c.rvalue(n.PostfixExpression)
		p, ok := n.PostfixExpression.Type().(*cc.PointerType)
		if ok {
			ft, ok = p.Elem().(*cc.FunctionType)
		}
		if !ok {
			fail(at, "this is no function")
		}
		e.name = signature(ft)
		e.t = c.types.layout(ft.Result(), at)
	}
	var params []*cc.Parameter
	if ft != nil {
		params = ft.Parameters()
		if len(params) == 1 && params[0].Type().Kind() == cc.Void {
			params = nil
		}
	}
	i := 0
	for l := n.ArgumentExpressionList; l != nil; l = l.ArgumentExpressionList {
		var a *expr
		if e.name == "__cc_defer" && i == 0 {
			a = c.started(l.AssignmentExpression)
		} else {
			a = c.rvalue(l.AssignmentExpression)
		}
		if e.kind == builtinExpr {
			a.pointed = c.pointed(l.AssignmentExpression.Type().Decay(), a.at)
		}
		if i < len(params) {
			a = c.convert(c.becomes(a, params[i].Type()), c.types.of(params[i].Type().Decay(), a.at))
		}
		e.args = append(e.args, a)
		i++
	}
	if e.kind == builtinExpr && standardCalls[name].zero {
		e.args = append(e.args, constant(at, intT, 0))
		i++
	}
	if e.kind == builtinExpr && i < operands[e.name] {
		fail(at, "this has too few operands")
	}
	if ft != nil && (i < len(params) || i > len(params) && !ft.IsVariadic()) {
		fail(at, "this call has %d arguments, not %d", i, len(params))
	}
	return e
}

// compatible is 1 if the types of the two operands are compatible. An enum is compatible with the integer type that its
// variables have, which package cc takes for another.
func (c *front) compatible(n *cc.PostfixExpression) int64 {
	l := n.ArgumentExpressionList
	x, y := l.AssignmentExpression, l.ArgumentExpressionList.AssignmentExpression
	c.ownType(x) // which fails where a typeof has another type than C
	c.ownType(y)
	a, b := x.Type(), y.Type()
	if _, isEnum := a.(*cc.EnumType); isEnum {
		a, b = b, a
	}
	if _, isEnum := b.(*cc.EnumType); isEnum && cc.IsIntegerType(a) && a.Kind() != cc.Enum && a.Kind() != cc.Bool {
		t := c.types.of(b, position(n))
		if t.size == 4 && a.Kind() == cc.Int && t.signed || t.size == 4 && a.Kind() == cc.UInt && !t.signed {
			return 1
		}
		return 0
	}
	return c.number(n)
}

// started converts a function that a thread runs. That alone does not count as taking
// its address: calls through pointers need not consider it.
func (c *front) started(n cc.ExpressionNode) *expr {
	f := c.function(c.callee(n))
	taken := f != nil && f.taken
	e := c.rvalue(n)
	if f != nil && e.kind == funcExpr {
		f.taken = taken
	}
	return e
}

// chooseExpr is __builtin_choose_expr: the second operand if the first, a constant,
// is not zero, and otherwise the third.
func (c *front) chooseExpr(n *cc.PostfixExpression, at graph.Pos) *expr {
	var list []cc.ExpressionNode
	for l := n.ArgumentExpressionList; l != nil; l = l.ArgumentExpressionList {
		list = append(list, l.AssignmentExpression)
	}
	if len(list) != 3 {
		fail(at, "__builtin_choose_expr has three operands")
	}
	if c.number(list[0]) != 0 {
		return c.rvalue(list[1])
	}
	return c.rvalue(list[2])
}

// pointed is the layout of the type that a pointer points at; nil if n is no
// pointer, or the type is incomplete.
func (c *front) pointed(t cc.Type, at graph.Pos) *ctype {
	p, ok := t.(*cc.PointerType)
	if !ok {
		return nil
	}
	switch to := p.Elem(); {
	case to.Kind() == cc.Void, to.Kind() == cc.Function, to.IsIncomplete():
		return nil
	default:
		return c.types.layout(to, at)
	}
}

// becomes notes what type of pointer an expression is converted to. If that expression is
// an allocation, it says what is allocated.
func (c *front) becomes(e *expr, t cc.Type) *expr {
	for x := e; x != nil; {
		switch {
		case x.kind == castExpr, x.kind == blockExpr:
			x = x.x
		case x.kind == commaExpr:
			x = x.y
		case x.kind == builtinExpr && x.becomes == nil && (x.name == "__cc_alloc" || x.name == "__cc_alloca" || x.name == "__cc_alloc_percpu"):
			x.becomes = c.pointed(t.Decay(), x.at)
			return e
		default:
			return e
		}
	}
	return e
}

// callee is the name of the function that is called, if it is called by name.
func (c *front) callee(n cc.ExpressionNode) string {
	for {
		switch x := n.(type) {
		case *cc.PostfixExpression:
			if x.Case != cc.PostfixExpressionPrimary {
				return ""
			}
			n = x.PrimaryExpression
			continue
		case *cc.UnaryExpression:
			if x.Case == cc.UnaryExpressionDeref {
				n = x.CastExpression
				continue
			}
			return ""
		case *cc.PrimaryExpression:
			if x.Case == cc.PrimaryExpressionExpr {
				n = x.ExpressionList
				continue
			}
			if d, ok := x.ResolvedTo().(*cc.Declarator); ok && (d.Type().Kind() == cc.Function || c.vars[d] == nil && c.defs[d.Name()] == nil && d.IsExtern()) {
				return d.Name()
			}
			return ""
		default:
			return ""
		}
	}
}

// binaryCase is one of the operators that have two operands.
type binaryCase struct {
	x, y cc.ExpressionNode
	op   ir.ExprOp
	kind exprKind
}

// operator converts the binary operators.
func (c *front) operator(n cc.ExpressionNode) *expr {
	b, only := binary(n)
	if only != nil {
		return c.expr(only)
	}
	at := position(n)
	if b.x == nil {
		fail(at, "this expression is not supported")
	}
	x, y := c.rvalue(b.x), c.rvalue(b.y)
	switch b.kind {
	case andExpr, orExpr:
		return &expr{kind: b.kind, at: at, t: intT, x: x, y: y}
	}
	if e := c.pointerOp(b, x, y, at); e != nil {
		return e
	}
	switch b.op {
	case ir.Shl, ir.Shr:
		arithmetic(x, y)
		if b.op == ir.Shl {
			checkWide(x)
		}
		t := promoted(x)
		return &expr{kind: binaryExpr, op: b.op, at: at, t: t, x: c.convert(x, t), y: c.convert(y, intT)}
	case ir.Eq, ir.Ne, ir.Lt, ir.Le, ir.Gt, ir.Ge:
		common := pointerT
		if x.t.kind != pointerType && y.t.kind != pointerType {
			arithmetic(x, y)
			common = usual(x, y)
		}
		return &expr{kind: binaryExpr, op: b.op, at: at, t: intT, arith: common, x: c.convert(x, common), y: c.convert(y, common)}
	}
	arithmetic(x, y)
	if b.op == ir.Add || b.op == ir.Sub || b.op == ir.Mul {
		checkWide(x, y)
	}
	t := usual(x, y)
	e := &expr{kind: binaryExpr, op: b.op, at: at, t: t, x: c.convert(x, t), y: c.convert(y, t)}
	if b.op == ir.Mul {
		e.sizeof = x.sizeof
		if e.sizeof == nil {
			e.sizeof = y.sizeof
		}
	}
	return e
}

// pointerOp is p + i, i + p, p - i and p - q; nil if it is none of these.
func (c *front) pointerOp(b binaryCase, x, y *expr, at graph.Pos) *expr {
	p, ok1 := b.x.Type().Decay().(*cc.PointerType)
	q, ok2 := b.y.Type().Decay().(*cc.PointerType)
	switch {
	case b.op == ir.Sub && ok1 && ok2:
		d := &expr{kind: binaryExpr, op: ir.Sub, at: at, t: longT, x: x, y: y}
		if size := pointee(p); size > 1 {
			return &expr{kind: binaryExpr, op: ir.Div, at: at, t: longT, x: d, y: constant(at, longT, size)}
		}
		return d
	case (b.op == ir.Add || b.op == ir.Sub) && ok1:
		return pointerPlus(x, b.op, scaled(c.convert(y, longT), pointee(p)))
	case b.op == ir.Add && ok2:
		return pointerPlus(y, b.op, scaled(c.convert(x, longT), pointee(q)))
	}
	return nil
}

// binary takes a node of a binary operator apart. If the node has no operator,
// only is its operand.
func binary(n cc.ExpressionNode) (b binaryCase, only cc.ExpressionNode) {
	with := func(x, y cc.ExpressionNode, op ir.ExprOp) binaryCase { return binaryCase{x, y, op, binaryExpr} }
	switch n := n.(type) {
	case *cc.MultiplicativeExpression:
		if n.Case == cc.MultiplicativeExpressionCast {
			return b, n.CastExpression
		}
		op := map[cc.MultiplicativeExpressionCase]ir.ExprOp{cc.MultiplicativeExpressionMul: ir.Mul, cc.MultiplicativeExpressionDiv: ir.Div, cc.MultiplicativeExpressionMod: ir.Mod}[n.Case]
		return with(n.MultiplicativeExpression, n.CastExpression, op), nil
	case *cc.AdditiveExpression:
		switch n.Case {
		case cc.AdditiveExpressionMul:
			return b, n.MultiplicativeExpression
		case cc.AdditiveExpressionAdd:
			return with(n.AdditiveExpression, n.MultiplicativeExpression, ir.Add), nil
		}
		return with(n.AdditiveExpression, n.MultiplicativeExpression, ir.Sub), nil
	case *cc.ShiftExpression:
		switch n.Case {
		case cc.ShiftExpressionAdd:
			return b, n.AdditiveExpression
		case cc.ShiftExpressionLsh:
			return with(n.ShiftExpression, n.AdditiveExpression, ir.Shl), nil
		}
		return with(n.ShiftExpression, n.AdditiveExpression, ir.Shr), nil
	case *cc.RelationalExpression:
		if n.Case == cc.RelationalExpressionShift {
			return b, n.ShiftExpression
		}
		op := map[cc.RelationalExpressionCase]ir.ExprOp{cc.RelationalExpressionLt: ir.Lt, cc.RelationalExpressionGt: ir.Gt, cc.RelationalExpressionLeq: ir.Le, cc.RelationalExpressionGeq: ir.Ge}[n.Case]
		return with(n.RelationalExpression, n.ShiftExpression, op), nil
	case *cc.EqualityExpression:
		switch n.Case {
		case cc.EqualityExpressionRel:
			return b, n.RelationalExpression
		case cc.EqualityExpressionEq:
			return with(n.EqualityExpression, n.RelationalExpression, ir.Eq), nil
		}
		return with(n.EqualityExpression, n.RelationalExpression, ir.Ne), nil
	case *cc.AndExpression:
		if n.Case == cc.AndExpressionEq {
			return b, n.EqualityExpression
		}
		return with(n.AndExpression, n.EqualityExpression, ir.And), nil
	case *cc.ExclusiveOrExpression:
		if n.Case == cc.ExclusiveOrExpressionAnd {
			return b, n.AndExpression
		}
		return with(n.ExclusiveOrExpression, n.AndExpression, ir.Xor), nil
	case *cc.InclusiveOrExpression:
		if n.Case == cc.InclusiveOrExpressionXor {
			return b, n.ExclusiveOrExpression
		}
		return with(n.InclusiveOrExpression, n.ExclusiveOrExpression, ir.Or), nil
	case *cc.LogicalAndExpression:
		if n.Case == cc.LogicalAndExpressionOr {
			return b, n.InclusiveOrExpression
		}
		return binaryCase{x: n.LogicalAndExpression, y: n.InclusiveOrExpression, kind: andExpr}, nil
	case *cc.LogicalOrExpression:
		if n.Case == cc.LogicalOrExpressionLAnd {
			return b, n.LogicalAndExpression
		}
		return binaryCase{x: n.LogicalOrExpression, y: n.LogicalAndExpression, kind: orExpr}, nil
	}
	return b, nil
}
