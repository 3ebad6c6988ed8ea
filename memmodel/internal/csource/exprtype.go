package csource

import (
	"modernc.org/cc/v4"

	"crosscall/memmodel/graph"
)

// Package cc has other types than C for what is computed of bit-fields and of enums (see promote.go). Operations
// have their types from the tree here. Where package cc uses such a type itself, in typeof and _Generic, that is an
// error: the type is part of a declaration then.

// ownType is the type of an expression as C has it. Of the result, only the type and the bits are set; it is nil if the
// expression is no integer.
func (c *front) ownType(n cc.ExpressionNode) *expr {
	if n = plainOperand(n); n.Type() == nil || !cc.IsIntegerType(n.Type()) {
		return nil
	}
	switch n := n.(type) {
	case *cc.ExpressionList:
		last := n
		for last.ExpressionList != nil {
			last = last.ExpressionList
		}
		return c.ownType(last.AssignmentExpression)
	case *cc.PrimaryExpression:
		if x := lastValue(n); x != nil {
			return c.ownType(x)
		}
	case *cc.PostfixExpression:
		if f := n.Field(); f != nil && f.IsBitfield() && (n.Case == cc.PostfixExpressionSelect || n.Case == cc.PostfixExpressionPSelect) {
			b, _ := bitsOf(f)
			return &expr{t: c.typeOf(n), bits: b}
		}
	case *cc.UnaryExpression:
		switch n.Case {
		case cc.UnaryExpressionPlus, cc.UnaryExpressionMinus, cc.UnaryExpressionCpl:
			return c.promotedType(n.CastExpression)
		case cc.UnaryExpressionDeref: // typeof is a macro that has a cast in it
			if x, ok := plainOperand(n.CastExpression).(*cc.CastExpression); ok && x.Case == cc.CastExpressionCast {
				c.checkTypeName(x.TypeName)
			}
		}
	case *cc.ConditionalExpression:
		x := n.ExpressionList
		if x == nil {
			x = n.LogicalOrExpression
		}
		return c.usualType(x, n.ConditionalExpression)
	default:
		b, _ := binary(n)
		switch n.(type) {
		case *cc.ShiftExpression:
			return c.promotedType(b.x)
		case *cc.MultiplicativeExpression, *cc.AdditiveExpression, *cc.AndExpression, *cc.ExclusiveOrExpression, *cc.InclusiveOrExpression:
			return c.usualType(b.x, b.y)
		}
	}
	return &expr{t: c.typeOf(n)}
}

// lastValue is the expression that a statement expression ends with; nil if n is none, or has no value.
func lastValue(n *cc.PrimaryExpression) cc.ExpressionNode {
	if n.Case != cc.PrimaryExpressionStmt {
		return nil
	}
	var last *cc.BlockItem
	for l := n.CompoundStatement.BlockItemList; l != nil; l = l.BlockItemList {
		last = l.BlockItem
	}
	if last == nil || last.Case != cc.BlockItemStmt || last.Statement.Case != cc.StatementExpr {
		return nil
	}
	return last.Statement.ExpressionStatement.ExpressionList
}

func (c *front) promotedType(n cc.ExpressionNode) *expr {
	x := c.ownType(n)
	if x == nil {
		return nil
	}
	return &expr{t: promoted(x)}
}

func (c *front) usualType(n, m cc.ExpressionNode) *expr {
	x, y := c.ownType(n), c.ownType(m)
	if x == nil || y == nil {
		return nil
	}
	return &expr{t: usual(x, y)}
}

// checkType fails where package cc has another type for an expression than C, and uses it.
func (c *front) checkType(n cc.ExpressionNode, at graph.Pos) {
	if x := c.ownType(n); x != nil && !sameWidth(x.t, c.typeOf(n)) {
		fail(at, "the type of this is %s, because a bit-field is promoted to int, or an enum without negative constants is unsigned: that is not supported here, cast it to %s", x.t.name, x.t.name)
	}
}

func sameWidth(t, u *ctype) bool { return t.size == u.size && t.signed == u.signed }

// checkTypeName does so for the typeof in the name of a type.
func (c *front) checkTypeName(n *cc.TypeName) {
	for l := n.SpecifierQualifierList; l != nil; l = l.SpecifierQualifierList {
		if l.Case == cc.SpecifierQualifierListTypeSpec {
			c.checkTypeof(l.TypeSpecifier)
		}
	}
}

// checkSpecifiers does so for the typeof in a declaration.
func (c *front) checkSpecifiers(l *cc.DeclarationSpecifiers) {
	for ; l != nil; l = l.DeclarationSpecifiers {
		if l.Case == cc.DeclarationSpecifiersTypeSpec {
			c.checkTypeof(l.TypeSpecifier)
		}
	}
}

func (c *front) checkTypeof(n *cc.TypeSpecifier) {
	switch n.Case {
	case cc.TypeSpecifierTypeofExpr:
		c.checkType(n.ExpressionList, position(n))
	case cc.TypeSpecifierTypeofType:
		c.checkTypeName(n.TypeName)
	}
}
