package cat

import (
	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/rel"
)

// Parse reads a cat or bell file. file is its name, for positions. An error is
// an *Error.
func Parse(file string, src []byte) (f *File, err error) {
	defer catch(&err)
	p := &parser{tokens: tokens(file, string(src))}
	f = &File{}
	f.Arch, f.Title = p.title()
	f.Catdep = p.skip("catdep")
	for p.cur().kind != kEOF {
		f.Ins = append(f.Ins, p.instruction(true))
	}
	return f, nil
}

type parser struct {
	tokens []token
	at     int
	depth  int
}

// maxDepth bounds how deep a source may nest, so that no input can use up the
// stack.
const maxDepth = 500

func (p *parser) enter() {
	if p.depth++; p.depth > maxDepth {
		fail(p.cur().pos, "more than %d levels of nesting", maxDepth)
	}
}

func (p *parser) leave() { p.depth-- }

func (p *parser) cur() token { return p.tokens[p.at] }

// peek is the token n places further on.
func (p *parser) peek(n int) token { return p.tokens[min(p.at+n, len(p.tokens)-1)] }

func (p *parser) next() token {
	t := p.cur()
	if p.at < len(p.tokens)-1 {
		p.at++
	}
	return t
}

// skip goes over a token of kind k, if it is the next, and reports whether it
// was.
func (p *parser) skip(k kind) bool {
	if p.cur().kind != k {
		return false
	}
	p.next()
	return true
}

func (p *parser) want(k kind, after string) token {
	if t := p.cur(); t.kind != k {
		name := string(k)
		if k != kName && k != kTag && k != kString {
			name = "'" + name + "'"
		}
		fail(t.pos, "%s instead of %s %s", t, name, after)
	}
	return p.next()
}

// title reads the optional title of a file: "PPC", "RISCV "RISC-V, as ..."", or
// a string.
func (p *parser) title() (arch, title string) {
	switch p.cur().kind {
	case kString:
		t := p.next().text
		return t, t
	case kName:
		arch = p.next().text
		if k := p.cur().kind; k == kName || k == kString {
			return arch, p.next().text
		}
		return arch, arch
	}
	return "", ""
}

// block reads instructions up to one of the words in ends, which it leaves.
func (p *parser) block(ends ...kind) []Ins {
	p.enter()
	defer p.leave()
	var list []Ins
	for {
		for _, e := range ends {
			if p.cur().kind == e {
				return list
			}
		}
		list = append(list, p.instruction(false))
	}
}

func (p *parser) instruction(top bool) Ins {
	t := p.cur()
	at := At(t.pos)
	switch t.kind {
	case "let":
		return p.define()
	case "flag", "undefined_unless", "assert":
		p.next()
		return &Check{At: at, Role: string(t.kind), Test: p.test()}
	case "acyclic", "irreflexive", "empty", "~":
		return &Check{At: at, Test: p.test()}
	case "show":
		return p.show()
	case "unshow":
		p.next()
		return &Show{At: at, Hide: true, Names: p.names("after 'unshow'")}
	case "include":
		p.next()
		return &Include{At: at, File: p.want(kString, "after 'include'").text}
	case "procedure":
		return p.procedure()
	case "call":
		p.next()
		return &Call{At: at, Name: p.want(kName, "after 'call'").text, Arg: p.simple(), As: p.as()}
	case "debug":
		p.next()
		return &Debug{At: at, X: p.expr()}
	case "forall":
		p.next()
		f := &ForAll{At: at, Var: p.want(kName, "after 'forall'").text}
		p.want("in", "in forall")
		f.X = p.expr()
		p.want("do", "in forall")
		f.Body = p.block("end")
		p.next()
		return f
	case "with":
		p.next()
		w := &WithFrom{At: at, Name: p.want(kName, "after 'with'").text}
		p.want("from", "after the name")
		w.X = p.expr()
		return w
	case "if":
		p.next()
		f := &IfIns{At: at, Cond: p.variant(), Then: p.block("else", "end")}
		if p.skip("else") {
			f.Else = p.block("end")
		}
		p.want("end", "of if")
		return f
	case "match":
		return p.matchIns()
	case "instructions", "default":
		p.next()
		i := &Instructions{At: at, Default: t.kind == "default", Kind: p.want(kName, "of a kind of events").text}
		p.want("[", "after the kind of events")
		i.Args = p.list("]")
		return i
	case "enum":
		if top {
			return p.enum()
		}
		fail(t.pos, "enum can stand at the top of a file only")
	}
	fail(t.pos, "%s where an instruction (let, acyclic, include ...) should begin", t)
	return nil
}

func (p *parser) enum() Ins {
	e := &Enum{At: At(p.next().pos)}
	e.Name = p.want(kName, "after 'enum'").text
	p.want("=", "in enum")
	p.skip("||")
	for {
		e.Tags = append(e.Tags, p.want(kTag, "in enum").text)
		if !p.skip("||") {
			return e
		}
	}
}

func (p *parser) as() string {
	if p.skip("as") {
		return p.want(kName, "after 'as'").text
	}
	return ""
}

func (p *parser) names(after string) []string {
	list := []string{p.want(kName, after).text}
	for p.skip(",") {
		list = append(list, p.want(kName, "after ','").text)
	}
	return list
}

// show reads "show a, b" and "show e as name".
func (p *parser) show() Ins {
	at := At(p.next().pos)
	start := p.at
	x := p.base()
	if p.cur().kind == "as" {
		return &ShowAs{At: at, X: x, Name: p.as()}
	}
	p.at = start
	return &Show{At: at, Names: p.names("after 'show'")}
}

func (p *parser) test() *Test {
	t := &Test{At: At(p.cur().pos), Negated: p.skip("~")}
	switch w := p.next(); w.kind {
	case "acyclic":
		t.Kind = rel.Acyclic
	case "irreflexive":
		t.Kind = rel.Irreflexive
	case "empty":
		t.Kind = rel.Empty
	default:
		fail(w.pos, "%s instead of acyclic, irreflexive or empty", w)
	}
	t.X = p.expr()
	t.Name = p.as()
	return t
}

func (p *parser) define() Ins {
	d := &Define{At: At(p.next().pos), Rec: p.skip("rec")}
	d.Binds = p.binds()
	if d.Rec && p.skip("when") {
		d.When = p.test()
	}
	p.skip("in")
	return d
}

func (p *parser) binds() []Bind {
	list := []Bind{p.bind()}
	for p.skip("and") {
		list = append(list, p.bind())
	}
	return list
}

// bind reads "x = e", "x, y = e", "(x, y) = e", "f x = e" and "f (x, y) = e".
func (p *parser) bind() Bind {
	t := p.cur()
	b := Bind{At: At(t.pos)}
	follow := p.peek(1).kind
	switch {
	case t.kind == kName && (follow == kName || follow == "_" || follow == "("):
		p.next()
		b.Pattern = Pattern{Names: []string{t.text}}
		param := p.param()
		p.want("=", "after the parameter of a function")
		b.X = &Fn{At: b.At, Param: param, Body: p.expr()}
		return b
	case t.kind == "(":
		b.Pattern = p.param()
	default:
		b.Pattern = p.formals()
	}
	p.want("=", "in let")
	b.X = p.expr()
	return b
}

// param reads what a function takes: a name, "_", or names in parentheses.
func (p *parser) param() Pattern {
	if !p.skip("(") {
		return Pattern{Names: []string{p.formal()}}
	}
	if p.skip(")") {
		return Pattern{Tuple: true}
	}
	pat := p.formals()
	p.want(")", "after the parameters")
	return pat
}

func (p *parser) formals() Pattern {
	names := []string{p.formal()}
	for p.skip(",") {
		names = append(names, p.formal())
	}
	return Pattern{Tuple: len(names) > 1, Names: names}
}

// formal reads a name, or "_", which is "".
func (p *parser) formal() string {
	if p.skip("_") {
		return ""
	}
	return p.want(kName, "where something is bound").text
}

func (p *parser) procedure() Ins {
	q := &Procedure{At: At(p.next().pos), Rec: p.skip("rec")}
	q.Name = p.want(kName, "after 'procedure'").text
	q.Param = p.param()
	p.want("=", "after the parameter of a procedure")
	q.Body = p.block("end")
	p.next()
	return q
}

func (p *parser) matchIns() Ins {
	m := &MatchIns{At: At(p.next().pos), X: p.expr()}
	p.want("with", "in match")
	p.skip("||")
	for {
		if p.skip("_") {
			p.want("->", "in match")
			m.HasDefault, m.Default = true, p.block("end")
			p.next()
			return m
		}
		tag := p.want(kTag, "in match").text
		p.want("->", "in match")
		m.Cases = append(m.Cases, InsCase{tag, p.block("||", "end")})
		if p.next().kind == "end" {
			return m
		}
	}
}

// pos is where the parser stands.
func (p *parser) pos() graph.Pos { return p.cur().pos }
