package csource

import (
	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"

	"modernc.org/cc/v4"
)

// An array whose size is not constant is a pointer to memory that alloca has taken. A
// second variable has the number of its elements, for sizeof.

// isVariableArray reports whether a type is that of an array whose size is not constant.
func isVariableArray(t cc.Type) bool {
	a, ok := t.(*cc.ArrayType)
	return ok && a.IsVLA()
}

// variableArray declares such an array.
func (c *front) variableArray(d *cc.Declarator, at graph.Pos) *stmt {
	t := d.Type().(*cc.ArrayType)
	if isVariableArray(t.Elem()) {
		fail(at, "the elements of this array have a size that is not constant: that is not supported, make it an array of one dimension, and compute the index")
	}
	elem := c.types.layout(t.Elem(), at)
	n := &variable{name: d.Name() + " size", at: at, t: longT}
	v := &variable{name: d.Name(), at: at, t: pointerT, count: n, elem: elem}
	c.vars[d] = v
	alloc := &expr{kind: builtinExpr, name: "__cc_alloca", at: at, t: pointerT, args: []*expr{v.size(at)}, becomes: elem}
	return &stmt{kind: blockStmt, at: at, v: v, body: []*stmt{
		{kind: declStmt, at: at, v: n, inits: []initial{{x: c.convert(c.rvalue(t.SizeExpression()), longT), t: longT}}},
		{kind: declStmt, at: at, v: v, inits: []initial{{x: alloc, t: pointerT}}},
	}}
}

// size is the size of such an array in bytes.
func (v *variable) size(at graph.Pos) *expr {
	of := constant(at, ulongT, v.elem.size)
	of.sizeof = v.elem
	return &expr{kind: binaryExpr, op: ir.Mul, at: at, t: ulongT, x: &expr{kind: varExpr, at: at, t: longT, v: v.count}, y: of}
}
