package cat

// expr reads any expression: one that begins with a keyword, a tuple, or
// operators.
func (p *parser) expr() Expr {
	p.enter()
	defer p.leave()
	t := p.cur()
	at := At(t.pos)
	switch t.kind {
	case "let":
		p.next()
		l := &Let{At: at, Rec: p.skip("rec"), Binds: p.binds()}
		p.want("in", "after the definitions of let")
		l.Body = p.expr()
		return l
	case "fun":
		p.next()
		f := &Fn{At: at, Param: p.param()}
		p.want("->", "in fun")
		f.Body = p.expr()
		return f
	case "try":
		p.next()
		x := p.expr()
		p.want("with", "in try")
		return &Try{At: at, X: x, Y: p.expr()}
	case "if":
		p.next()
		c := p.cond()
		p.want("then", "in if")
		x := p.expr()
		p.want("else", "in if")
		return &If{At: at, Cond: c, Then: x, Else: p.expr()}
	case "match":
		return p.match()
	}
	x := p.base()
	if p.cur().kind != "," {
		return x
	}
	tuple := &Tuple{At: at, Elems: []Expr{x}}
	for p.skip(",") {
		tuple.Elems = append(tuple.Elems, p.base())
	}
	return tuple
}

func (p *parser) match() Expr {
	at := At(p.next().pos)
	x := p.expr()
	p.want("with", "in match")
	p.skip("||")
	if k := p.cur().kind; k == kTag || k == "_" && p.peek(1).kind == "->" {
		return p.matchTag(at, x)
	}
	m := &MatchSet{At: at, X: x}
	for i := range 2 {
		if i == 1 {
			p.want("||", "between the two cases of a set")
		}
		start := p.cur()
		if p.cur().kind == "{" {
			p.next()
			p.want("}", "in match")
			p.want("->", "in match")
			m.Empty = p.expr()
		} else {
			p.element(m)
		}
		if i == 1 && (m.Empty == nil || m.More == nil) {
			fail(start.pos, "a match on a set has one case {} and one case with an element")
		}
	}
	p.want("end", "of match")
	return m
}

// element reads "e ++ rest -> x" and "before | e ++ after -> x".
func (p *parser) element(m *MatchSet) {
	m.Elem = p.formal()
	if p.skip("|") {
		m.Split = true
		m.Before, m.Elem = m.Elem, p.formal()
	}
	p.want("++", "in match")
	m.After = p.formal()
	p.want("->", "in match")
	m.More = p.expr()
}

func (p *parser) matchTag(at At, x Expr) Expr {
	m := &Match{At: at, X: x}
	for {
		if p.skip("_") {
			p.want("->", "in match")
			m.Default = p.expr()
			p.want("end", "of match")
			return m
		}
		tag := p.want(kTag, "in match").text
		p.want("->", "in match")
		m.Cases = append(m.Cases, Case{tag, p.expr()})
		if p.skip("end") {
			return m
		}
		p.want("||", "between cases")
	}
}

// cond reads a condition: on variants, if strings stand in it, or on values.
func (p *parser) cond() *Cond {
	n := 0
	for p.peek(n).kind == "(" {
		n++
	}
	if k := p.peek(n).kind; k == kString || k == "variant" || k == "not" {
		return p.variant()
	}
	c := &Cond{At: At(p.pos()), X: p.expr()}
	switch op := p.next(); op.kind {
	case "=", "subset", "in":
		c.Op = string(op.kind)
	default:
		fail(op.pos, "%s instead of '=', 'subset' or 'in' in the condition of if", op)
	}
	c.Y = p.expr()
	return c
}

func (p *parser) variant() *Cond {
	return p.variants("||", func() *Cond { return p.variants("&&", p.variantAtom) })
}

// variants reads a chain of op, which binds to the left.
func (p *parser) variants(op kind, part func() *Cond) *Cond {
	p.enter()
	defer p.leave()
	c := part()
	for p.cur().kind == op {
		at := At(p.next().pos)
		c = &Cond{At: at, Op: string(op), Kids: []*Cond{c, part()}}
	}
	return c
}

func (p *parser) variantAtom() *Cond {
	at := At(p.pos())
	switch {
	case p.skip("not"):
		p.enter()
		defer p.leave()
		return &Cond{At: at, Op: "not", Kids: []*Cond{p.variantAtom()}}
	case p.skip("("):
		c := p.variant()
		p.want(")", "in a condition")
		return c
	}
	p.skip("variant")
	return &Cond{At: at, Op: "variant", Name: p.want(kString, "(the name of a variant)").text}
}

// The operators, the loosest first. "~", "+", "*" and "?" and the product *
// bind alike and do not chain: ~a+ needs parentheses.
//
//	|    from the right
//	++   from the right
//	;    from the right
//	\    from the left
//	&    from the right
//	~ + * ?
//	^-1
var rightOps = []kind{"|", "++", ";"}

// base reads an expression of operators.
func (p *parser) base() Expr { return p.right(0) }

func (p *parser) right(level int) Expr {
	if level == len(rightOps) {
		return p.diff()
	}
	op := rightOps[level]
	at := At(p.pos())
	list := []Expr{p.right(level + 1)}
	for p.skip(op) {
		list = append(list, p.right(level+1))
	}
	return chain(at, string(op), list)
}

// chain makes a op (b op (c ...)).
func chain(at At, op string, list []Expr) Expr {
	x := list[len(list)-1]
	for i := len(list) - 2; i >= 0; i-- {
		x = &Binary{At: At(list[i].Pos()), Op: op, X: list[i], Y: x}
	}
	return x
}

func (p *parser) diff() Expr {
	x := p.inter()
	for p.cur().kind == `\` {
		p.next()
		x = &Binary{At: At(x.Pos()), Op: `\`, X: x, Y: p.inter()}
	}
	return x
}

func (p *parser) inter() Expr {
	at := At(p.pos())
	list := []Expr{p.product()}
	for p.skip("&") {
		list = append(list, p.product())
	}
	return chain(at, "&", list)
}

// product reads one of ~a, a * b, a*, a+, a? and what binds closer.
func (p *parser) product() Expr {
	at := At(p.pos())
	if p.cur().kind == "~" {
		p.enter()
		defer p.leave()
		p.next()
		if p.cur().kind == "~" {
			return &Unary{At: at, Op: "~", X: p.product()}
		}
		x := &Unary{At: at, Op: "~", X: p.inverse()}
		p.noChain()
		return x
	}
	x := p.inverse()
	for {
		switch k := p.cur().kind; k {
		case "+", "?":
			p.next()
			x = p.hats(&Unary{At: at, Op: string(k), X: x})
		case "*":
			p.next()
			if p.startsOperand() {
				y := p.inverse
				if p.cur().kind == "~" {
					y = p.product
				}
				x = &Binary{At: at, Op: "*", X: x, Y: y()}
				p.noChain()
				return x
			}
			x = p.hats(&Unary{At: at, Op: "*", X: x})
		default:
			return x
		}
	}
}

// startsOperand reports whether a '*' just read is a product: whether its
// right side follows. A '~' may begin the next instruction instead.
func (p *parser) startsOperand() bool {
	switch p.cur().kind {
	case kName, kTag, "0", "{", "(", "[", "_", "begin":
		return true
	case "~":
		k := p.peek(1).kind
		return k != "acyclic" && k != "irreflexive" && k != "empty"
	}
	return false
}

func (p *parser) noChain() {
	switch t := p.cur(); t.kind {
	case "*", "+", "?":
		fail(t.pos, "the operand of %s is not clear here: use parentheses", t)
	}
}

// inverse reads a^-1 and what binds closer.
func (p *parser) inverse() Expr { return p.hats(p.apply()) }

func (p *parser) hats(x Expr) Expr {
	for p.skip("^") {
		p.want("-1", "after '^'")
		x = &Unary{At: At(x.Pos()), Op: "^-1", X: x}
	}
	return x
}

// apply reads a name and the arguments it is applied to, or a simple
// expression.
func (p *parser) apply() Expr {
	t := p.cur()
	if t.kind != kName {
		return p.simple()
	}
	p.next()
	var x Expr = &Name{At: At(t.pos), Name: t.text}
	for {
		switch a := p.cur(); a.kind {
		case kName:
			p.next()
			x = &App{At: At(t.pos), Fun: x, Arg: &Name{At: At(a.pos), Name: a.text}}
		case "0", kTag, "{", "_", "(", "begin", "[":
			x = &App{At: At(t.pos), Fun: x, Arg: p.simple()}
		default:
			return x
		}
	}
}

func (p *parser) simple() Expr {
	t := p.next()
	at := At(t.pos)
	switch t.kind {
	case "0":
		return &Empty{at}
	case "_":
		return &Universe{at}
	case kTag:
		return &Tag{at, t.text}
	case "{":
		return &SetOf{at, p.list("}")}
	case "[":
		x := p.expr()
		p.want("]", "after what began with '['")
		return &Unary{At: at, Op: "[]", X: x}
	case "(":
		if p.skip(")") {
			return &Tuple{At: at}
		}
		x := p.expr()
		p.want(")", "after what began with '('")
		return x
	case "begin":
		x := p.expr()
		p.want("end", "after what began with 'begin'")
		return x
	}
	fail(t.pos, "%s where an expression should begin", t)
	return nil
}

// list reads expressions with commas between, and the word that closes them.
func (p *parser) list(close kind) []Expr {
	p.enter()
	defer p.leave()
	if p.skip(close) {
		return nil
	}
	list := []Expr{p.base()}
	for p.skip(",") {
		list = append(list, p.base())
	}
	p.want(close, "at the end of a list")
	return list
}
