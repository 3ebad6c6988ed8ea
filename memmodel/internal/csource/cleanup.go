package csource

import (
	"slices"

	"modernc.org/cc/v4"
)

// f is called with the address of a variable that has __attribute__((cleanup(f))) on
// every way out of the variable's scope: at the end, and before a return, break,
// continue or goto that leaves it. The variable that was declared last is cleaned up
// first. The value of a return is computed before the cleanups.

// attributesOf lists the attributes among the specifiers of a declaration.
func attributesOf(n *cc.DeclarationSpecifiers) (list []*cc.AttributeSpecifierList) {
	for ; n != nil; n = n.DeclarationSpecifiers {
		switch n.Case {
		case cc.DeclarationSpecifiersAttr:
			list = append(list, n.AttributeSpecifierList)
		case cc.DeclarationSpecifiersTypeQual:
			if n.TypeQualifier.Case == cc.TypeQualifierAttr {
				list = append(list, n.TypeQualifier.AttributeSpecifierList)
			}
		}
	}
	return list
}

// setCleanup looks for the attribute cleanup of a local variable.
func (c *front) setCleanup(v *variable, lists ...*cc.AttributeSpecifierList) {
	for _, l := range lists {
		for ; l != nil; l = l.AttributeSpecifierList {
			for a := l.AttributeSpecifier.AttributeValueList; a != nil; a = a.AttributeValueList {
				c.setCleanupValue(v, a.AttributeValue)
			}
		}
	}
	if v.cleanup != nil {
		v.addressed = true
		c.scope = append(c.scope, v)
	}
}

func (c *front) setCleanupValue(v *variable, a *cc.AttributeValue) {
	if plainAttribute(a.Token.SrcStr()) != "cleanup" {
		return
	}
	at := position(a)
	name := ""
	if a.Case == cc.AttributeValueExpr && a.ArgumentExpressionList != nil {
		name = c.callee(a.ArgumentExpressionList.AssignmentExpression)
	}
	if v.cleanup = c.function(name); v.cleanup == nil {
		fail(at, "cleanup needs the name of a function that has a body")
	}
	if len(v.cleanup.params) != 1 {
		fail(at, "%s is to clean up and so takes one pointer", name)
	}
}

// cleanUp makes the calls that clean up the variables in scope, except for the first
// n.
func (l *lowerer) cleanUp(n int) {
	f := l.frame
	all := f.scope
	for i := len(all) - 1; i >= n; i-- {
		f.scope = all[:i] // a call that ends the thread, say, cleans up no more of them
		l.cleanUpOne(all[i])
	}
	f.scope = all
}

func (l *lowerer) cleanUpOne(v *variable) {
	place := &expr{kind: varExpr, at: v.at, t: v.t, v: v}
	address := &expr{kind: addrExpr, at: v.at, t: pointerT, x: place}
	l.effect(&expr{kind: callExpr, at: v.at, t: v.cleanup.result, fn: v.cleanup, args: []*expr{address}})
}

// scoped makes the code of statements, and cleans up their variables at the end.
func (l *lowerer) scoped(body func()) {
	n := len(l.frame.scope)
	body()
	if !l.code.unreachable() {
		l.cleanUp(n)
	}
	l.frame.scope = l.frame.scope[:n]
}

// jumpTo goes to a label of the source. It first cleans up the scopes that the label
// is not in.
func (l *lowerer) jumpTo(s *stmt) {
	to := l.frame.fn.scopes[s.label]
	if len(to) > len(l.frame.scope) || !slices.Equal(to, l.frame.scope[:len(to)]) {
		fail(s.at, "this jumps into the scope of %s, which has a cleanup, past its declaration", to[len(to)-1].name)
	}
	l.cleanUp(len(to))
	l.code.jump(l.frame.label(s.label))
}
