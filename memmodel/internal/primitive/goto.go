package primitive

import "crosscall/memmodel/internal/ir"

// Labels and goto are an extension: herd7's tests have none.

// gotoStmt reads goto name; the label may come later.
func (p *Parser) gotoStmt(s Stmt) Stmt {
	if p.table != nil {
		p.Fail("goto cannot be used in a table of primitives")
	}
	p.Advance()
	s.Kind = GotoStmt
	s.Name = p.Expect(Name, "a label").Text
	s.to = p.end
	p.Expect(';', `";"`)
	return s
}

// returnStmt reads return, which is a jump to the end of the thread.
func (p *Parser) returnStmt(s Stmt) Stmt {
	if p.table != nil {
		p.Fail("return cannot be used in a table of primitives")
	}
	p.Advance()
	s.Kind, s.to = GotoStmt, p.end
	p.Expect(';', `";": a thread returns nothing`)
	return s
}

// labelStmt reads name: as a statement of its own.
func (p *Parser) labelStmt(s Stmt) Stmt {
	p.unreserved(p.Tok)
	s.Kind, s.Name = LabelStmt, p.Tok.Text
	p.Advance()
	p.Expect(':', `":"`)
	s.to = p.end
	return s
}

// A pendingGoto is a jump to a label that has no place yet.
type pendingGoto struct {
	jump int
	at   Place
	name string // "": the end of the thread
}

// label makes the next instruction the place of a label.
func (l *Lowerer) label(s *Stmt) {
	if _, twice := l.labels[s.Name]; twice {
		Fail(l.File, s.at, "there are two labels %s", s.Name)
	}
	if l.labels == nil {
		l.labels = map[string]int{}
	}
	l.labels[s.Name] = len(l.Code)
}

// Made returns what the statements were made into, under a name. Its errors are that a
// goto has no label.
func (l *Lowerer) Made(name string) ir.Thread {
	for _, g := range l.gotos {
		target, ok := l.labels[g.name]
		if g.name == "" {
			target, ok = len(l.Code), true
		}
		if !ok {
			Fail(l.File, g.at, "there is no label %s in this thread", g.name)
		}
		l.Code[g.jump].Target = target
	}
	th := ir.Thread{Name: name, Instr: l.Code}
	if l.gotos != nil {
		// The ways of a branch meet where the jumps let them.
		for i := range th.Instr {
			th.Instr[i].Join = 0
		}
		ir.SetJoins(&th)
	}
	return th
}
