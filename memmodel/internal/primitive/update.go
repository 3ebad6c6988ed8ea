package primitive

import (
	"strings"

	"crosscall/memmodel/internal/ir"
)

// updates are the operators that assign to a register a value computed from it. In a
// test they are an extension: in herd7 they mean something else, or are an error.
var updates = map[string]ir.ExprOp{
	"++": ir.Add, "--": ir.Sub, "+=": ir.Add, "-=": ir.Sub, "&=": ir.And, "|=": ir.Or, "^=": ir.Xor,
}

// update reads r++, r-- or r op= e, if there is one here, and returns it as an assignment.
func (p *Parser) update(s Stmt) (_ Stmt, ok bool) {
	if p.table != nil || p.Tok.Kind != Name {
		return s, false
	}
	rest := strings.TrimLeft(p.Src[p.Off:], " \t")
	if len(rest) < 2 {
		return s, false
	}
	op, ok := updates[rest[:2]]
	if !ok {
		return s, false
	}
	register := p.Tok
	p.unreserved(register)
	step := rest[:2] == "++" || rest[:2] == "--"
	p.Off = len(p.Src) - len(rest) + 2
	p.Tok.to = p.Off
	p.Advance()
	s.to = p.end
	right := p.newExpr(Expr{Kind: NumExpr, At: register.At, K: 1})
	if !step {
		right = p.expr()
		s.to = p.end
	}
	p.mentions(register.Text)
	p.assigns(register.Text)
	p.computes(op)
	left := p.newExpr(Expr{Kind: NameExpr, At: register.At, From: register.from, To: register.to, Name: register.Text})
	s.Kind, s.Name = AssignStmt, register.Text
	s.Val = p.newExpr(Expr{Kind: BinaryExpr, Op: op, At: register.At, From: register.from, To: s.to, X: left, Y: right})
	return s, true
}
