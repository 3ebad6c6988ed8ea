package litmus

import "crosscall/memmodel/internal/ir"

// maxArray bounds the size of an array, in elements.
const maxArray = 1024

// initialState reads { ... }.
func (p *parser) initialState() {
	p.expect('{', `"{", which opens the initial state`)
	for !p.accept('}') {
		if p.accept(';') {
			continue
		}
		p.ast.init = append(p.ast.init, p.initial())
		if p.tok.kind != '}' {
			p.expect(';', `";" or "}"`)
		}
	}
}

// initial reads one item: a location with an optional type before it and an
// optional value after.
func (p *parser) initial() initial {
	in := initial{at: p.tok.at}
	for p.tok.kind == '*' || p.tok.kind == name && p.followedByLocation() {
		in.lock = in.lock || p.tok.text == "spinlock_t"
		in.unsigned = p.tok.kind == name && !isSigned(p.tok.text)
		p.advance()
	}
	in.at = p.tok.at
	in.loc = p.location()
	if in.loc.index != whole {
		if in.size = in.loc.index; in.size < 1 || in.size > maxArray {
			fail(p.file, in.at, "an array has 1 to %d elements", maxArray)
		}
		in.loc.index = whole
	}
	if p.accept('=') {
		in.values = p.initialValues(in)
	}
	return in
}

func isSigned(word string) bool {
	switch word {
	case "int", "long", "short", "char", "intptr_t", "int8_t", "int16_t", "int32_t", "int64_t":
		return true
	}
	return false
}

// followedByLocation reports whether the word tok is part of a type, which it
// is if a location comes after it.
func (p *parser) followedByLocation() bool {
	switch t := p.peek(); t.kind {
	case name, number, '*':
		return true
	case '[':
		return isType(p.tok.text) // int [x]; but x[2] is an array
	}
	return false
}

func (p *parser) initialValues(in initial) []operand {
	if p.tok.kind != '{' {
		if in.size > 0 {
			p.fail("the value of an array should be {...}, but is %v", p.tok)
		}
		return []operand{p.initialValue()}
	}
	if in.size == 0 {
		p.fail("%s is no array: its value should be a number or an address", in.loc.name)
	}
	at := p.tok.at
	list := p.list(p.initialValue)
	if len(list) != in.size {
		fail(p.file, at, "%s has %d elements and %d initial values", in.loc.name, in.size, len(list))
	}
	return list
}

// list reads {a,b,c}.
func (p *parser) list(item func() operand) []operand {
	p.advance()
	var list []operand
	for !p.accept('}') {
		list = append(list, item())
		if p.tok.kind != '}' {
			p.expect(',', `"," or "}"`)
		}
	}
	return list
}

func (p *parser) initialValue() operand {
	if p.isWord("ATOMIC_INIT") || p.isWord("ATOMIC64_INIT") || p.isWord("ATOMIC_LONG_INIT") {
		p.nest()
		p.advance()
		p.expect('(', `"("`)
		v := p.initialValue()
		p.expect(')', `")"`)
		p.unnest()
		return v
	}
	v := p.operand()
	if v.kind == locOperand {
		fail(p.file, v.loc.at, "an initial value is a number or the address of a variable")
	}
	return v
}

// location reads 0:r1, P0:r1, x, [x], *x or a[2].
func (p *parser) location() location {
	loc := location{at: p.tok.at, thread: sharedVar, index: whole}
	switch {
	case p.tok.kind == '[':
		p.advance()
		loc.name = p.expect(name, "a variable").text
		p.expect(']', `"]"`)
		return loc
	case p.tok.kind == '*':
		p.nest()
		p.advance()
		loc = p.location()
		p.unnest()
		return loc
	case p.tok.kind == number:
		loc.thread = p.thread(p.tok.num)
		p.advance()
		p.expect(':', `":" and a register`)
	case p.tok.kind == name:
		n, ok := threadNumber(p.tok)
		if !ok || p.peek().kind != ':' {
			break
		}
		loc.thread = p.thread(int64(n))
		p.advance()
		p.advance()
	}
	loc.name = p.expect(name, "a register such as 0:r1, or a variable").text
	if loc.thread == sharedVar && p.accept('[') {
		i := p.expect(number, "the number of an element")
		if i.num > maxArray {
			fail(p.file, i.at, "an array has 1 to %d elements", maxArray)
		}
		loc.index = int(i.num)
		p.expect(']', `"]"`)
	}
	return loc
}

// thread checks the number of a thread, as far as it can be checked yet.
func (p *parser) thread(n int64) int {
	if n > 9999 || p.ast.procs != nil && n >= int64(len(p.ast.procs)) {
		p.fail("there is no thread P%d", n)
	}
	return int(n)
}

// operand reads a value: a number, the address of a variable, or what is in a
// location other than a bare variable.
func (p *parser) operand() operand {
	switch p.tok.kind {
	case '-', '+':
		sign := p.tok.kind
		p.advance()
		n := p.expect(number, "a number").num
		if sign == '-' {
			n = -n
		}
		return operand{num: n}
	case number:
		if p.peek().kind == ':' {
			return operand{kind: locOperand, loc: p.location()}
		}
		n := p.tok.num
		p.advance()
		return operand{num: n}
	case '&':
		p.advance()
		return operand{kind: addrOperand, loc: p.location()}
	case '[', '*':
		return operand{kind: locOperand, loc: p.location()}
	case name:
		if p.isWord("true") || p.isWord("false") {
			v := operand{}
			if p.isWord("true") {
				v.num = 1
			}
			p.advance()
			return v
		}
		loc := p.location()
		if loc.thread != sharedVar {
			return operand{kind: locOperand, loc: loc}
		}
		return operand{kind: addrOperand, loc: loc}
	case '{':
		p.nest()
		list := p.list(p.operand)
		p.unnest()
		return operand{kind: listOperand, list: list}
	}
	p.fail("this should be a number or a variable, but is %v", p.tok)
	return operand{}
}

// final reads what comes after the threads: locations, filter, condition.
func (p *parser) final() {
	if p.isWord("locations") {
		p.advance()
		p.locations()
	}
	if p.isWord("filter") {
		p.advance()
		p.ast.filter = p.prop()
	}
	p.ast.quant, p.ast.cond = ForAll, &prop{op: allProp}
	if p.tok.kind != eof {
		p.ast.quant = p.quantifier()
		p.ast.cond = p.prop()
	}
	p.accept(';')
	if p.tok.kind != eof {
		p.fail("the condition should end here, but %v follows", p.tok)
	}
}

func (p *parser) locations() {
	p.expect('[', `"["`)
	for !p.accept(']') {
		if p.accept(';') {
			continue
		}
		p.ast.locations = append(p.ast.locations, p.location())
		for p.tok.kind == name || p.tok.kind == '*' { // its type
			p.advance()
		}
		if p.tok.kind != ']' && p.tok.kind != ',' {
			p.expect(';', `";" or "]"`)
		} else {
			p.accept(',')
		}
	}
}

func (p *parser) quantifier() Quantifier {
	negated := p.tok.kind == '~' || p.isWord("not")
	if negated {
		p.advance()
	}
	q := Exists
	switch {
	case p.isWord("exists"), p.isWord("final") && !negated:
	case p.isWord("forall") && !negated:
		q = ForAll
	default:
		p.fail("this should be exists, ~exists or forall, but is %v", p.tok)
	}
	p.advance()
	if negated {
		q = NotExists
	}
	return q
}

// prop reads a proposition. From the loosest to the tightest, its operators
// are \/, /\, =>, not.
func (p *parser) prop() *prop { return p.series(orTop, anyProp, p.conjunction) }

func (p *parser) conjunction() *prop { return p.series(andTop, allProp, p.implication) }

func (p *parser) series(sep kind, op propOp, item func() *prop) *prop {
	first := item()
	if p.tok.kind != sep {
		return first
	}
	kids := []*prop{first}
	for p.accept(sep) {
		kids = append(kids, item())
	}
	return &prop{op: op, kids: kids}
}

func (p *parser) implication() *prop {
	p.nest()
	defer p.unnest()
	left := p.negation()
	if !p.accept(implies) {
		return left
	}
	return &prop{op: impliesProp, kids: []*prop{left, p.implication()}}
}

func (p *parser) negation() *prop {
	p.nest()
	defer p.unnest()
	switch {
	case p.tok.kind == '~' || p.isWord("not"):
		p.advance()
		return &prop{op: notProp, kids: []*prop{p.negation()}}
	case p.accept('('):
		inner := p.prop()
		p.expect(')', `")"`)
		return inner
	case p.isWord("true") && !p.comparedNext():
		p.advance()
		return &prop{op: allProp}
	case p.isWord("false") && !p.comparedNext():
		p.advance()
		return &prop{op: anyProp}
	}
	return p.atom()
}

func (p *parser) comparedNext() bool {
	_, ok := comparison(p.peek().kind)
	return ok
}

func comparison(k kind) (ir.PropOp, bool) {
	switch k {
	case '=', equal:
		return ir.EqAtom, true
	case notEqual:
		return ir.NeAtom, true
	case '<':
		return ir.LtAtom, true
	case lessEq:
		return ir.LeAtom, true
	case '>':
		return ir.GtAtom, true
	case moreEq:
		return ir.GeAtom, true
	}
	return 0, false
}

func (p *parser) atom() *prop {
	a := &prop{left: p.location()}
	cmp, ok := comparison(p.tok.kind)
	if !ok {
		p.fail("this should be = or another comparison, but is %v", p.tok)
	}
	at := p.tok.at
	p.advance()
	a.cmp, a.right = cmp, p.operand()
	if a.right.kind == listOperand && cmp != ir.EqAtom && cmp != ir.NeAtom {
		fail(p.file, at, "arrays can be compared with = and != only")
	}
	return a
}
