package csource

import (
	"modernc.org/cc/v4"

	"crosscall/memmodel/graph"
)

// Package cc chooses among the associations of _Generic by rules of its own: it does not look
// at const and volatile of what a pointer points to, nor far into pointers to pointers. Only
// the one that it chooses has types. So a choice that is not C's, or may not be, is an error.

// qualifiers are those of what a pointer points to.
type qualifiers struct{ constant, volatile bool }

// generic converts a generic selection.
func (c *front) generic(n *cc.GenericSelection, at graph.Pos) *expr {
	c.checkType(n.AssignmentExpression, at)
	t := n.AssignmentExpression.Type().Decay()
	var fits []*cc.GenericAssociation // apart from qualifiers
	var otherwise *cc.GenericAssociation
	for l := n.GenericAssociationList; l != nil; l = l.GenericAssociationList {
		switch a := l.GenericAssociation; {
		case a.Case == cc.GenericAssociationDefault:
			otherwise = a
		case a.TypeName.Type() == nil || a.TypeName.Type() == cc.Invalid: // package cc has chosen before it came here
			if t.Kind() == cc.Ptr {
				fits = append(fits, a)
			}
		case sameType(t, a.TypeName.Type()):
			fits = append(fits, a)
		}
	}
	var right *cc.GenericAssociation
	switch {
	case len(fits) == 0:
		right = otherwise
	case len(fits) == 1 && otherwise == nil, t.Kind() != cc.Ptr, t.(*cc.PointerType).Elem().Kind() == cc.Function:
		right = fits[0]
	default:
		right = qualified(n.AssignmentExpression, fits, otherwise)
	}
	chosen := n.Associated()
	if _, isEnum := t.(*cc.EnumType); isEnum && (chosen == nil || chosen.Case == cc.GenericAssociationDefault) { // it may be compatible with an integer
		e := c.types.of(t, at)
		fail(at, "_Generic of an enum is not supported: cast it to %s", map[bool]string{true: "int", false: "unsigned int"}[e.signed])
	}
	if right == nil || right != chosen {
		fail(at, "this _Generic needs const and volatile of what pointers point to, or pointers to pointers: that is not supported, call the function that it should choose")
	}
	return c.expr(chosen.AssignmentExpression)
}

// qualified is the one of fits whose type has the qualifiers of what the pointer x points to; nil if
// that is not known.
func qualified(x cc.ExpressionNode, fits []*cc.GenericAssociation, otherwise *cc.GenericAssociation) *cc.GenericAssociation {
	want, ok := pointedQualifiers(x)
	if !ok {
		return nil
	}
	for _, a := range fits {
		switch q, ok := namedQualifiers(a.TypeName); {
		case !ok:
			return nil
		case q == want:
			return a
		}
	}
	return otherwise
}

// pointedQualifiers is what is known of a pointer. Package cc loses the qualifiers of casts and
// members.
func pointedQualifiers(x cc.ExpressionNode) (q qualifiers, ok bool) {
	p, isPrimary := plainOperand(x).(*cc.PrimaryExpression)
	t, isPointer := x.Type().Decay().(*cc.PointerType)
	if !isPrimary || !isPointer || t.Elem().Kind() == cc.Ptr {
		return q, false
	}
	switch p.Case {
	case cc.PrimaryExpressionString:
		return q, true
	case cc.PrimaryExpressionIdent:
		a := t.Elem().Attributes()
		return qualifiers{a != nil && a.IsConst(), a != nil && a.IsVolatile()}, true
	}
	return q, false
}

// namedQualifiers is the same for the name of a type that is written with one *.
func namedQualifiers(n *cc.TypeName) (q qualifiers, ok bool) {
	d := n.AbstractDeclarator
	if d == nil || d.Pointer == nil || d.Pointer.Pointer != nil || d.DirectAbstractDeclarator != nil {
		return q, false
	}
	for l := n.SpecifierQualifierList; l != nil; l = l.SpecifierQualifierList {
		switch {
		case l.Case == cc.SpecifierQualifierListTypeSpec && l.TypeSpecifier.Case == cc.TypeSpecifierTypeName:
			return q, false
		case l.Case == cc.SpecifierQualifierListTypeQual && l.TypeQualifier.Case == cc.TypeQualifierConst:
			q.constant = true
		case l.Case == cc.SpecifierQualifierListTypeQual && l.TypeQualifier.Case == cc.TypeQualifierVolatile:
			q.volatile = true
		}
	}
	return q, true
}

// sameType reports whether two types are compatible, apart from qualifiers.
func sameType(a, b cc.Type) bool {
	p, isPointer := a.(*cc.PointerType)
	q, isPointer2 := b.(*cc.PointerType)
	if isPointer && isPointer2 {
		return sameType(p.Elem(), q.Elem())
	}
	return a.Kind() == b.Kind() && a.IsCompatible(b)
}
