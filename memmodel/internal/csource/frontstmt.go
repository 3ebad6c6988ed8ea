package csource

import (
	"cmp"
	"slices"
	"strings"

	"modernc.org/cc/v4"
)

func (c *front) compound(n *cc.CompoundStatement) []*stmt {
	return c.scoped(func() []*stmt { return c.items(n) })
}

// scoped returns the statements that items makes, as one statement if variables are
// cleaned up at their end.
func (c *front) scoped(items func() []*stmt) []*stmt {
	outer := len(c.scope)
	list := items()
	if len(c.scope) == outer {
		return list
	}
	c.scope = c.scope[:outer]
	return []*stmt{{kind: scopeStmt, at: list[0].at, body: list}}
}

func (c *front) items(n *cc.CompoundStatement) []*stmt {
	var list []*stmt
	for l := n.BlockItemList; l != nil; l = l.BlockItemList {
		switch b := l.BlockItem; b.Case {
		case cc.BlockItemDecl:
			list = c.declaration(b.Declaration, list)
		case cc.BlockItemStmt:
			list = append(list, c.stmt(b.Statement))
		case cc.BlockItemFuncDef:
			fail(position(b), "functions within functions are not supported")
		case cc.BlockItemLabel:
			// The labels of a function have different names; see locallabels.go.
		}
	}
	return list
}

func (c *front) declaration(d *cc.Declaration, list []*stmt) []*stmt {
	switch d.Case {
	case cc.DeclarationAssert:
		return list
	case cc.DeclarationAuto:
		c.checkType(d.Initializer.AssignmentExpression, position(d))
		s := c.local(d.Declarator, nil)
		s.v.hasInit = true
		s.inits = []initial{{x: c.convert(c.rvalue(d.Initializer.AssignmentExpression), s.v.t), t: s.v.t}} // package cc gives the initializer no type
		return append(list, s)
	}
	c.checkSpecifiers(d.DeclarationSpecifiers)
	for l := d.InitDeclaratorList; l != nil; l = l.InitDeclaratorList {
		n := l.InitDeclarator
		attributes := append(attributesOf(d.DeclarationSpecifiers), d.AttributeSpecifierList, l.AttributeSpecifierList, n.AttributeSpecifierList)
		d := n.Declarator
		switch {
		case d.IsTypename(), d.IsSynthetic(), d.Type().Kind() == cc.Function, d.Name() == "__func__":
		case d.IsExtern():
			c.global(d, nil)
		default:
			if s := c.local(d, n.Initializer); s != nil {
				c.setCleanup(s.v, attributes...)
				list = append(list, s)
			} else {
				c.vars[d].percpu = c.percpuCopies(attributes...)
			}
		}
	}
	return list
}

// local enters a variable of a function.
func (c *front) local(d *cc.Declarator, init *cc.Initializer) *stmt {
	at := position(d)
	if d.Type().Kind() == cc.Void {
		fail(at, "%s is void: a variable needs another type", d.Name())
	}
	if isVariableArray(d.Type()) && !d.IsStatic() {
		return c.variableArray(d, at)
	}
	v := &variable{name: d.Name(), at: at, static: d.IsStatic(), thread: d.IsThreadLocal(), constant: isConstant(d), atomic: declaredAtomic(d)}
	c.vars[d] = v
	v.t = c.types.layout(d.Type(), at)
	v.addressed = v.static || !v.t.scalar()
	var inits []initial
	if init != nil {
		v.hasInit = true
		inits = c.initializer(init, v.t)
	}
	if v.static {
		v.name = c.fn.name + "." + v.name
		v.inits, v.t = inits, v.t.withElements(inits)
		c.order = append(c.order, v)
		return nil
	}
	return &stmt{kind: declStmt, at: at, v: v, inits: inits}
}

func (c *front) stmts(n *cc.Statement) []*stmt {
	if n == nil {
		return nil
	}
	s := c.stmt(n)
	if s.kind == blockStmt {
		return s.body
	}
	return []*stmt{s}
}

// maxDepth bounds the nesting of statements and expressions.
const maxDepth = 400

func (c *front) stmt(n *cc.Statement) *stmt {
	at := position(n)
	if c.depth++; c.depth > maxDepth {
		fail(at, "statements are nested too deep")
	}
	defer func() { c.depth-- }()
	switch n.Case {
	case cc.StatementCompound:
		return &stmt{kind: blockStmt, at: at, body: c.compound(n.CompoundStatement)}
	case cc.StatementExpr:
		if n.ExpressionStatement.ExpressionList == nil {
			return &stmt{kind: blockStmt, at: at}
		}
		return &stmt{kind: evalStmt, at: at, x: c.effect(n.ExpressionStatement.ExpressionList)}
	case cc.StatementLabeled:
		return c.labeled(n.LabeledStatement)
	case cc.StatementSelection:
		return c.selection(n.SelectionStatement)
	case cc.StatementIteration:
		return c.iteration(n.IterationStatement)
	case cc.StatementJump:
		return c.jump(n.JumpStatement)
	}
	return c.assembly(n.AsmStatement)
}

func (c *front) labeled(n *cc.LabeledStatement) *stmt {
	at := position(n)
	if name := n.Token.SrcStr(); strings.HasPrefix(name, "__CPROVER_") {
		fail(at, "the label %s makes a thread for CBMC, and is none here: use pthread_create", name)
	}
	var label any = n
	if n.Case == cc.LabeledStatementLabel {
		label = n.Token.SrcStr()
	}
	s := &stmt{kind: labelStmt, at: at, label: label}
	c.fn.scopes[label] = slices.Clone(c.scope)
	return &stmt{kind: blockStmt, at: at, body: append([]*stmt{s}, c.stmts(n.Statement)...)}
}

func (c *front) selection(n *cc.SelectionStatement) *stmt {
	at := position(n)
	s := &stmt{kind: ifStmt, at: at, x: c.rvalue(n.ExpressionList)}
	if n.Case != cc.SelectionStatementSwitch {
		s.body, s.alt = c.stmts(n.Statement), c.stmts(n.Statement2)
		return s
	}
	s.kind = switchStmt
	if s.x.t.kind != intType {
		fail(at, "switch needs an integer")
	}
	t := promoted(s.x) // cases are of this type, too: -1 is 4294967295
	s.x = c.convert(c.convert(s.x, t), longT)
	s.body = c.stmts(n.Statement)
	for _, l := range n.LabeledStatements() {
		k := switchCase{at: position(l), label: l, isDefault: l.Case == cc.LabeledStatementDefault}
		switch l.Case {
		case cc.LabeledStatementCaseLabel:
			k.from = c.number(l.ConstantExpression)
			k.to = k.from
		case cc.LabeledStatementRange:
			k.from, k.to = c.number(l.ConstantExpression), c.number(l.ConstantExpression2)
		case cc.LabeledStatementLabel:
			continue
		}
		k.from, k.to = wrapConst(k.from, t), wrapConst(k.to, t)
		s.cases = append(s.cases, k)
	}
	distinct(s.cases)
	return s
}

// distinct checks that no two cases of a switch are the same.
func distinct(cases []switchCase) {
	cases = slices.Clone(cases)
	slices.SortFunc(cases, func(a, b switchCase) int { return cmp.Or(a.at.Line-b.at.Line, a.at.Col-b.at.Col) })
	for i, k := range cases {
		for _, other := range cases[:i] {
			if k.isDefault == other.isDefault && k.from <= other.to && other.from <= k.to {
				fail(k.at, "this is a case of the switch already, at %s", placeText(other.at))
			}
		}
	}
}

func (c *front) iteration(n *cc.IterationStatement) *stmt {
	s := &stmt{kind: loopStmt, at: position(n)}
	switch n.Case {
	case cc.IterationStatementWhile:
		s.x = c.rvalue(n.ExpressionList)
	case cc.IterationStatementDo:
		s.x, s.post = c.rvalue(n.ExpressionList), true
	case cc.IterationStatementFor:
		outer := &stmt{kind: blockStmt, at: s.at}
		if n.ExpressionList != nil {
			outer.body = append(outer.body, &stmt{kind: evalStmt, at: position(n.ExpressionList), x: c.effect(n.ExpressionList)})
		}
		c.forHead(s, n.ExpressionList2, n.ExpressionList3)
		s.body = c.stmts(n.Statement)
		outer.body = append(outer.body, s)
		return outer
	case cc.IterationStatementForDecl:
		outer := &stmt{kind: blockStmt, at: s.at}
		outer.body = c.scoped(func() []*stmt {
			list := c.declaration(n.Declaration, nil)
			c.forHead(s, n.ExpressionList, n.ExpressionList2)
			s.body = c.stmts(n.Statement)
			return append(list, s)
		})
		return outer
	}
	s.body = c.stmts(n.Statement)
	return s
}

func (c *front) forHead(s *stmt, cond, step cc.ExpressionNode) {
	if cond != nil {
		s.x = c.rvalue(cond)
	}
	if step != nil {
		s.y = c.effect(step)
	}
}

func (c *front) jump(n *cc.JumpStatement) *stmt {
	at := position(n)
	switch n.Case {
	case cc.JumpStatementGoto:
		return &stmt{kind: gotoStmt, at: at, label: n.Token2.SrcStr()}
	case cc.JumpStatementBreak:
		return &stmt{kind: breakStmt, at: at}
	case cc.JumpStatementContinue:
		return &stmt{kind: continueStmt, at: at}
	case cc.JumpStatementReturn:
		s := &stmt{kind: returnStmt, at: at}
		if n.ExpressionList != nil {
			s.x = c.rvalue(n.ExpressionList)
			if c.fn.result.kind == voidType && s.x.t.kind != voidType {
				fail(s.x.at, "%s returns nothing: it is void", c.fn.name)
			}
			if c.fn.result.kind != voidType {
				s.x = c.convert(c.becomes(s.x, c.fn.returned), c.fn.result)
			}
		}
		c.fn.returns++
		return s
	}
	fail(at, "goto to a computed place is not supported: use a switch over numbers")
	return nil
}
