package primitive

import "crosscall/memmodel/internal/ir"

// r++ and its kin within expressions are an extension: herd7 reads ++ as two signs. As a
// statement, r++ is an update.

// fullExpr reads an expression that is no part of another. assigned is the register that
// its value goes to, or "".
func (p *Parser) fullExpr(assigned string) *Expr {
	e := p.expr()
	p.checkSteps(assigned, e)
	return e
}

// stepFirst reads ++r or --r.
func (p *Parser) stepFirst() *Expr {
	op := p.Tok
	p.Advance()
	register := p.Tok
	if register.Kind != Name || p.table != nil || p.Peek().Kind == '(' || p.Peek().Kind == '[' {
		Fail(p.File, op.At, "%s needs a register, as in %sr1", op.Text, op.Text)
	}
	p.unreserved(register)
	p.Advance()
	return p.stepOf(Expr{At: op.At, From: op.from, To: p.end, Name: register.Text}, op)
}

// stepLast reads the operator of r++ or r--.
func (p *Parser) stepLast(register *Expr) *Expr {
	op := p.Tok
	if register.Kind != NameExpr {
		Fail(p.File, op.At, "%s needs a register, as in r1%s", op.Text, op.Text)
	}
	p.Advance()
	return p.stepOf(Expr{At: register.At, From: register.From, To: p.end, Name: register.Name, K: 1}, op)
}

func (p *Parser) stepOf(e Expr, op Token) *Expr {
	e.Kind, e.Op = StepExpr, ir.Add
	if op.Text == "--" {
		e.Op = ir.Sub
	}
	p.mentions(e.Name)
	p.assigns(e.Name)
	p.computes(e.Op)
	return p.newExpr(e)
}

// checkSteps refuses a register that is stepped and used besides, within what is
// evaluated in no order that C knows of. assigned is the register on the left of =, or "".
func (p *Parser) checkSteps(assigned string, parts ...*Expr) {
	var steps []*Expr
	uses := map[string]int{assigned: 1}
	for _, e := range parts {
		walk(e, func(x *Expr) {
			switch x.Kind {
			case StepExpr:
				steps = append(steps, x)
				uses[x.Name]++
			case NameExpr:
				uses[x.Name]++
			}
		})
	}
	for _, x := range steps {
		if uses[x.Name] > 1 {
			Fail(p.File, x.At, "C does not say which use of %s comes first: write it as two statements", x.Name)
		}
	}
}

// stepsIn reports whether evaluating e assigns to a register.
func stepsIn(e *Expr) (found bool) {
	walk(e, func(x *Expr) { found = found || x.Kind == StepExpr })
	return found
}

// stepRegister performs r++ or its kin.
func (l *Lowerer) stepRegister(e *Expr) *ir.Expr {
	r, value := l.Regs.Reg(e.Name), l.temp()
	next := l.op(e.Op, l.load(r), l.constant(1))
	if e.K == 1 {
		l.emit(ir.Instr{Op: ir.Assign, Dst: value, Val: l.load(r)})
		l.emit(ir.Instr{Op: ir.Assign, Dst: r, Val: next})
	} else {
		l.emit(ir.Instr{Op: ir.Assign, Dst: r, Val: next})
		l.emit(ir.Instr{Op: ir.Assign, Dst: value, Val: l.load(r)})
	}
	return l.load(value)
}
