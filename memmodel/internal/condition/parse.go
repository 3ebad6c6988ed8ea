package condition

import (
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/primitive"
)

// A Parser reads the parts of a litmus test that are the same in all languages: its header,
// its initial state and its condition.
type Parser struct {
	primitive.Parser
	// Threads is how many threads there are, if that is known yet; else it is 0.
	Threads int
	// Registers reads the name of a register in an initial state or a condition, after
	// "0:". Without it that is any name.
	Registers func() string
}

// maxArray bounds the size of an array, in elements.
const maxArray = 1024

// InitialState reads { ... }.
func (p *Parser) InitialState() (list []Initial) {
	p.Expect('{', `"{", which opens the initial state`)
	for !p.Accept('}') {
		if p.Accept(';') {
			continue
		}
		list = append(list, p.initial())
		if p.Tok.Kind != '}' {
			p.Expect(';', `";" or "}"`)
		}
	}
	return list
}

// initial reads one item: a location with an optional type before it and an
// optional value after.
func (p *Parser) initial() Initial {
	in := Initial{At: p.Tok.At}
	for p.Tok.Kind == '*' || p.Tok.Kind == primitive.Name && p.followedByLocation() {
		in.Lock = in.Lock || IsLock(p.Tok.Text)
		in.Unsigned = p.Tok.Kind == primitive.Name && !isSigned(p.Tok.Text)
		in.Type = p.Tok.Text
		p.Advance()
	}
	in.At = p.Tok.At
	if p.Registers != nil && p.Tok.Kind == '%' {
		in.Loc = Location{At: in.At, Thread: EveryThread, Name: p.Registers(), Index: Whole}
	} else {
		in.Loc = p.Location()
	}
	if in.Loc.Index != Whole {
		if in.Size = in.Loc.Index; in.Size < 1 || in.Size > maxArray {
			primitive.Fail(p.File, in.At, "an array has 1 to %d elements", maxArray)
		}
		in.Loc.Index = Whole
	}
	if p.Accept('=') {
		in.Values = p.initialValues(in)
	}
	return in
}

// IsLock reports whether a word is the type of a lock.
func IsLock(word string) bool { return word == "spinlock_t" || word == "mtx_t" || word == "mutex" }

func isSigned(word string) bool {
	switch word {
	case "atomic_int", "atomic_long", "atomic_llong", "int", "long", "short", "char", "intptr_t", "int8_t", "int16_t", "int32_t", "int64_t":
		return true
	}
	return false
}

// followedByLocation reports whether the word tok is part of a type, which it
// is if a location comes after it.
func (p *Parser) followedByLocation() bool {
	switch t := p.Peek(); t.Kind {
	case primitive.Name, primitive.Number, '*', '%':
		return true
	case '[':
		return primitive.IsType(p.Tok.Text) // int [x]; but x[2] is an array
	}
	return false
}

func (p *Parser) initialValues(in Initial) []Operand {
	if p.Tok.Kind != '{' {
		if in.Size > 0 {
			p.Fail("the value of an array should be {...}, but is %v", p.Tok)
		}
		return []Operand{p.initialValue()}
	}
	if in.Size == 0 {
		p.Fail("%s is no array: its value should be a number or an address", in.Loc.Name)
	}
	at := p.Tok.At
	list := p.list(p.initialValue)
	if len(list) != in.Size {
		primitive.Fail(p.File, at, "%s has %d elements and %d initial values", in.Loc.Name, in.Size, len(list))
	}
	return list
}

// list reads {a,b,c}.
func (p *Parser) list(item func() Operand) []Operand {
	p.Advance()
	var list []Operand
	for !p.Accept('}') {
		list = append(list, item())
		if p.Tok.Kind != '}' {
			p.Expect(',', `"," or "}"`)
		}
	}
	return list
}

func (p *Parser) initialValue() Operand {
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
	if v.Kind == LocOperand {
		primitive.Fail(p.File, v.Loc.At, "an initial value is a number or the address of a variable")
	}
	return v
}

// Location reads 0:r1, P0:r1, x, [x], *x or a[2].
func (p *Parser) Location() Location {
	loc := Location{At: p.Tok.At, Thread: SharedVar, Index: Whole}
	switch {
	case p.Tok.Kind == '[':
		p.Advance()
		loc.Name = p.Expect(primitive.Name, "a variable").Text
		p.Expect(']', `"]"`)
		return loc
	case p.Tok.Kind == '*':
		p.Nest()
		p.Advance()
		loc = p.Location()
		p.Unnest()
		return loc
	case p.Tok.Kind == primitive.Number:
		loc.Thread = p.thread(p.Tok.Num)
		p.Advance()
		p.Expect(':', `":" and a register`)
	case p.Tok.Kind == primitive.Name:
		n, ok := ThreadNumber(p.Tok)
		if !ok || p.Peek().Kind != ':' {
			break
		}
		loc.Thread = p.thread(int64(n))
		p.Advance()
		p.Advance()
	}
	if loc.Thread != SharedVar && p.Registers != nil {
		loc.Name = p.Registers()
		return loc
	}
	loc.Name = p.Expect(primitive.Name, "a register such as 0:r1, or a variable").Text
	if loc.Thread == SharedVar && p.Accept('[') {
		i := p.Expect(primitive.Number, "the number of an element")
		if i.Num > maxArray {
			primitive.Fail(p.File, i.At, "an array has 1 to %d elements", maxArray)
		}
		loc.Index = int(i.Num)
		p.Expect(']', `"]"`)
	}
	return loc
}

// thread checks the number of a thread, as far as it can be checked yet.
func (p *Parser) thread(n int64) int {
	if n > 9999 || p.Threads > 0 && n >= int64(p.Threads) {
		p.Fail("there is no thread P%d", n)
	}
	return int(n)
}

// operand reads a value: a number, the address of a variable, or what is in a
// location other than a bare variable.
func (p *Parser) operand() Operand {
	switch p.Tok.Kind {
	case '-', '+':
		sign := p.Tok.Kind
		p.Advance()
		n := p.Expect(primitive.Number, "a number").Num
		if sign == '-' {
			n = -n
		}
		return Operand{Num: n}
	case primitive.Number:
		if p.Peek().Kind == ':' {
			return Operand{Kind: LocOperand, Loc: p.Location()}
		}
		n := p.Tok.Num
		p.Advance()
		return Operand{Num: n}
	case '&':
		p.Advance()
		return Operand{Kind: AddrOperand, Loc: p.Location()}
	case '[', '*':
		return Operand{Kind: LocOperand, Loc: p.Location()}
	case primitive.Name:
		if p.IsWord("true") || p.IsWord("false") {
			v := Operand{}
			if p.IsWord("true") {
				v.Num = 1
			}
			p.Advance()
			return v
		}
		loc := p.Location()
		if loc.Thread != SharedVar {
			return Operand{Kind: LocOperand, Loc: loc}
		}
		return Operand{Kind: AddrOperand, Loc: loc}
	case '{':
		p.Nest()
		list := p.list(p.operand)
		p.Unnest()
		return Operand{Kind: ListOperand, List: list}
	}
	p.Fail("this should be a number or a variable, but is %v", p.Tok)
	return Operand{}
}

// A Final is what comes after the threads.
type Final struct {
	Locations []Location
	Filter    *Prop // nil if there is none
	Quant     ir.Quantifier
	Cond      *Prop
}

// Final reads what comes after the threads, up to the end of the file or, with tail, up to
// what it returns true for.
func (p *Parser) Final(tail func() bool) (f Final) {
	if p.IsWord("locations") {
		p.Advance()
		f.Locations = p.locations()
	}
	if p.IsWord("filter") {
		p.Advance()
		f.Filter = p.prop()
	}
	f.Quant, f.Cond = ir.ForAll, &Prop{Op: AllProp}
	if p.Tok.Kind != primitive.Eof {
		f.Quant = p.quantifier()
		f.Cond = p.prop()
	}
	p.Accept(';')
	if p.Tok.Kind != primitive.Eof && (tail == nil || !tail()) {
		p.Fail("the condition should end here, but %v follows", p.Tok)
	}
	return f
}

func (p *Parser) locations() (list []Location) {
	p.Expect('[', `"["`)
	for !p.Accept(']') {
		if p.Accept(';') {
			continue
		}
		list = append(list, p.Location())
		for p.Tok.Kind == primitive.Name || p.Tok.Kind == '*' { // its type
			p.Advance()
		}
		if p.Tok.Kind != ']' && p.Tok.Kind != ',' {
			p.Expect(';', `";" or "]"`)
		} else {
			p.Accept(',')
		}
	}
	return list
}

func (p *Parser) quantifier() ir.Quantifier {
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
func (p *Parser) prop() *Prop { return p.series(primitive.OrTop, AnyProp, p.conjunction) }

func (p *Parser) conjunction() *Prop { return p.series(primitive.AndTop, AllProp, p.implication) }

func (p *Parser) series(sep primitive.Kind, op PropOp, item func() *Prop) *Prop {
	first := item()
	if p.Tok.Kind != sep {
		return first
	}
	kids := []*Prop{first}
	for p.Accept(sep) {
		kids = append(kids, item())
	}
	return &Prop{Op: op, Kids: kids}
}

func (p *Parser) implication() *Prop {
	p.Nest()
	defer p.Unnest()
	left := p.negation()
	if !p.Accept(primitive.Implies) {
		return left
	}
	return &Prop{Op: ImpliesProp, Kids: []*Prop{left, p.implication()}}
}

func (p *Parser) negation() *Prop {
	p.Nest()
	defer p.Unnest()
	switch {
	case p.Tok.Kind == '~' || p.IsWord("not"):
		p.Advance()
		return &Prop{Op: NotProp, Kids: []*Prop{p.negation()}}
	case p.Accept('('):
		inner := p.prop()
		p.Expect(')', `")"`)
		return inner
	case p.IsWord("true") && !p.comparedNext():
		p.Advance()
		return &Prop{Op: AllProp}
	case p.IsWord("false") && !p.comparedNext():
		p.Advance()
		return &Prop{Op: AnyProp}
	}
	return p.atom()
}

func (p *Parser) comparedNext() bool {
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

func (p *Parser) atom() *Prop {
	a := &Prop{Left: p.Location()}
	cmp, ok := comparison(p.Tok.Kind)
	if !ok {
		p.Fail("this should be = or another comparison, but is %v", p.Tok)
	}
	at := p.Tok.At
	p.Advance()
	a.Cmp, a.Right = cmp, p.operand()
	if a.Right.Kind == ListOperand && cmp != ir.EqAtom && cmp != ir.NeAtom {
		primitive.Fail(p.File, at, "arrays can be compared with = and != only")
	}
	return a
}
