package litmus

import "crosscall/memmodel/internal/primitive"
import "crosscall/memmodel/internal/ir"

// maxArray bounds the size of an array, in elements.
const maxArray = 1024

// initialState reads { ... }.
func (p *testParser) initialState() {
	p.Expect('{', `"{", which opens the initial state`)
	for !p.Accept('}') {
		if p.Accept(';') {
			continue
		}
		p.ast.init = append(p.ast.init, p.initial())
		if p.Tok.Kind != '}' {
			p.Expect(';', `";" or "}"`)
		}
	}
}

// initial reads one item: a location with an optional type before it and an
// optional value after.
func (p *testParser) initial() initial {
	in := initial{at: p.Tok.At}
	for p.Tok.Kind == '*' || p.Tok.Kind == primitive.Name && p.followedByLocation() {
		in.lock = in.lock || isLock(p.Tok.Text)
		in.unsigned = p.Tok.Kind == primitive.Name && !isSigned(p.Tok.Text)
		p.Advance()
	}
	in.at = p.Tok.At
	in.loc = p.location()
	if in.loc.index != whole {
		if in.size = in.loc.index; in.size < 1 || in.size > maxArray {
			primitive.Fail(p.File, in.at, "an array has 1 to %d elements", maxArray)
		}
		in.loc.index = whole
	}
	if p.Accept('=') {
		in.values = p.initialValues(in)
	}
	return in
}

// isLock reports whether a word is the type of a lock.
func isLock(word string) bool { return word == "spinlock_t" || word == "mtx_t" || word == "mutex" }

func isSigned(word string) bool {
	switch word {
	case "atomic_int", "atomic_long", "atomic_llong", "int", "long", "short", "char", "intptr_t", "int8_t", "int16_t", "int32_t", "int64_t":
		return true
	}
	return false
}

// followedByLocation reports whether the word tok is part of a type, which it
// is if a location comes after it.
func (p *testParser) followedByLocation() bool {
	switch t := p.Peek(); t.Kind {
	case primitive.Name, primitive.Number, '*':
		return true
	case '[':
		return primitive.IsType(p.Tok.Text) // int [x]; but x[2] is an array
	}
	return false
}

func (p *testParser) initialValues(in initial) []operand {
	if p.Tok.Kind != '{' {
		if in.size > 0 {
			p.Fail("the value of an array should be {...}, but is %v", p.Tok)
		}
		return []operand{p.initialValue()}
	}
	if in.size == 0 {
		p.Fail("%s is no array: its value should be a number or an address", in.loc.name)
	}
	at := p.Tok.At
	list := p.list(p.initialValue)
	if len(list) != in.size {
		primitive.Fail(p.File, at, "%s has %d elements and %d initial values", in.loc.name, in.size, len(list))
	}
	return list
}

// list reads {a,b,c}.
func (p *testParser) list(item func() operand) []operand {
	p.Advance()
	var list []operand
	for !p.Accept('}') {
		list = append(list, item())
		if p.Tok.Kind != '}' {
			p.Expect(',', `"," or "}"`)
		}
	}
	return list
}

func (p *testParser) initialValue() operand {
	if p.IsWord("ATOMIC_INIT") || p.IsWord("ATOMIC64_INIT") || p.IsWord("ATOMIC_LONG_INIT") {
		p.Nest()
		p.Advance()
		p.Expect('(', `"("`)
		v := p.initialValue()
		p.Expect(')', `")"`)
		p.Unnest()
		return v
	}
	v := p.operand()
	if v.kind == locOperand {
		primitive.Fail(p.File, v.loc.at, "an initial value is a number or the address of a variable")
	}
	return v
}

// location reads 0:r1, P0:r1, x, [x], *x or a[2].
func (p *testParser) location() location {
	loc := location{at: p.Tok.At, thread: sharedVar, index: whole}
	switch {
	case p.Tok.Kind == '[':
		p.Advance()
		loc.name = p.Expect(primitive.Name, "a variable").Text
		p.Expect(']', `"]"`)
		return loc
	case p.Tok.Kind == '*':
		p.Nest()
		p.Advance()
		loc = p.location()
		p.Unnest()
		return loc
	case p.Tok.Kind == primitive.Number:
		loc.thread = p.thread(p.Tok.Num)
		p.Advance()
		p.Expect(':', `":" and a register`)
	case p.Tok.Kind == primitive.Name:
		n, ok := threadNumber(p.Tok)
		if !ok || p.Peek().Kind != ':' {
			break
		}
		loc.thread = p.thread(int64(n))
		p.Advance()
		p.Advance()
	}
	loc.name = p.Expect(primitive.Name, "a register such as 0:r1, or a variable").Text
	if loc.thread == sharedVar && p.Accept('[') {
		i := p.Expect(primitive.Number, "the number of an element")
		if i.Num > maxArray {
			primitive.Fail(p.File, i.At, "an array has 1 to %d elements", maxArray)
		}
		loc.index = int(i.Num)
		p.Expect(']', `"]"`)
	}
	return loc
}

// thread checks the number of a thread, as far as it can be checked yet.
func (p *testParser) thread(n int64) int {
	if n > 9999 || p.ast.procs != nil && n >= int64(len(p.ast.procs)) {
		p.Fail("there is no thread P%d", n)
	}
	return int(n)
}

// operand reads a value: a number, the address of a variable, or what is in a
// location other than a bare variable.
func (p *testParser) operand() operand {
	switch p.Tok.Kind {
	case '-', '+':
		sign := p.Tok.Kind
		p.Advance()
		n := p.Expect(primitive.Number, "a number").Num
		if sign == '-' {
			n = -n
		}
		return operand{num: n}
	case primitive.Number:
		if p.Peek().Kind == ':' {
			return operand{kind: locOperand, loc: p.location()}
		}
		n := p.Tok.Num
		p.Advance()
		return operand{num: n}
	case '&':
		p.Advance()
		return operand{kind: addrOperand, loc: p.location()}
	case '[', '*':
		return operand{kind: locOperand, loc: p.location()}
	case primitive.Name:
		if p.IsWord("true") || p.IsWord("false") {
			v := operand{}
			if p.IsWord("true") {
				v.num = 1
			}
			p.Advance()
			return v
		}
		loc := p.location()
		if loc.thread != sharedVar {
			return operand{kind: locOperand, loc: loc}
		}
		return operand{kind: addrOperand, loc: loc}
	case '{':
		p.Nest()
		list := p.list(p.operand)
		p.Unnest()
		return operand{kind: listOperand, list: list}
	}
	p.Fail("this should be a number or a variable, but is %v", p.Tok)
	return operand{}
}

// final reads what comes after the threads: locations, filter, condition.
func (p *testParser) final() {
	if p.IsWord("locations") {
		p.Advance()
		p.locations()
	}
	if p.IsWord("filter") {
		p.Advance()
		p.ast.filter = p.prop()
	}
	p.ast.quant, p.ast.cond = ir.ForAll, &prop{op: allProp}
	if p.Tok.Kind != primitive.Eof {
		p.ast.quant = p.quantifier()
		p.ast.cond = p.prop()
	}
	p.Accept(';')
	if p.Tok.Kind != primitive.Eof {
		p.Fail("the condition should end here, but %v follows", p.Tok)
	}
}

func (p *testParser) locations() {
	p.Expect('[', `"["`)
	for !p.Accept(']') {
		if p.Accept(';') {
			continue
		}
		p.ast.locations = append(p.ast.locations, p.location())
		for p.Tok.Kind == primitive.Name || p.Tok.Kind == '*' { // its type
			p.Advance()
		}
		if p.Tok.Kind != ']' && p.Tok.Kind != ',' {
			p.Expect(';', `";" or "]"`)
		} else {
			p.Accept(',')
		}
	}
}

func (p *testParser) quantifier() ir.Quantifier {
	negated := p.Tok.Kind == '~' || p.IsWord("not")
	if negated {
		p.Advance()
	}
	q := ir.Exists
	switch {
	case p.IsWord("exists"), p.IsWord("final") && !negated:
	case p.IsWord("forall") && !negated:
		q = ir.ForAll
	default:
		p.Fail("this should be exists, ~exists or forall, but is %v", p.Tok)
	}
	p.Advance()
	if negated {
		q = ir.NotExists
	}
	return q
}

// prop reads a proposition. From the loosest to the tightest, its operators
// are \/, /\, =>, not.
func (p *testParser) prop() *prop { return p.series(primitive.OrTop, anyProp, p.conjunction) }

func (p *testParser) conjunction() *prop { return p.series(primitive.AndTop, allProp, p.implication) }

func (p *testParser) series(sep primitive.Kind, op propOp, item func() *prop) *prop {
	first := item()
	if p.Tok.Kind != sep {
		return first
	}
	kids := []*prop{first}
	for p.Accept(sep) {
		kids = append(kids, item())
	}
	return &prop{op: op, kids: kids}
}

func (p *testParser) implication() *prop {
	p.Nest()
	defer p.Unnest()
	left := p.negation()
	if !p.Accept(primitive.Implies) {
		return left
	}
	return &prop{op: impliesProp, kids: []*prop{left, p.implication()}}
}

func (p *testParser) negation() *prop {
	p.Nest()
	defer p.Unnest()
	switch {
	case p.Tok.Kind == '~' || p.IsWord("not"):
		p.Advance()
		return &prop{op: notProp, kids: []*prop{p.negation()}}
	case p.Accept('('):
		inner := p.prop()
		p.Expect(')', `")"`)
		return inner
	case p.IsWord("true") && !p.comparedNext():
		p.Advance()
		return &prop{op: allProp}
	case p.IsWord("false") && !p.comparedNext():
		p.Advance()
		return &prop{op: anyProp}
	}
	return p.atom()
}

func (p *testParser) comparedNext() bool {
	_, ok := comparison(p.Peek().Kind)
	return ok
}

func comparison(k primitive.Kind) (ir.PropOp, bool) {
	switch k {
	case '=', primitive.Equal:
		return ir.EqAtom, true
	case primitive.NotEqual:
		return ir.NeAtom, true
	case '<':
		return ir.LtAtom, true
	case primitive.LessEq:
		return ir.LeAtom, true
	case '>':
		return ir.GtAtom, true
	case primitive.MoreEq:
		return ir.GeAtom, true
	}
	return 0, false
}

func (p *testParser) atom() *prop {
	a := &prop{left: p.location()}
	cmp, ok := comparison(p.Tok.Kind)
	if !ok {
		p.Fail("this should be = or another comparison, but is %v", p.Tok)
	}
	at := p.Tok.At
	p.Advance()
	a.cmp, a.right = cmp, p.operand()
	if a.right.kind == listOperand && cmp != ir.EqAtom && cmp != ir.NeAtom {
		primitive.Fail(p.File, at, "arrays can be compared with = and != only")
	}
	return a
}
