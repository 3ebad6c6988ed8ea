package condition

import (
	"strconv"

	"crosscall/memmodel/internal/ir"
)

// LocText is a location as herd7 prints it.
func LocText(l Location) string {
	switch {
	case l.Thread != SharedVar:
		return strconv.Itoa(l.Thread) + ":" + l.Name
	case l.Index != Whole:
		return elementName(l.Name, l.Index)
	}
	return "[" + l.Name + "]"
}

// Text is a condition as herd7 prints it (lib/constrGen.ml).
func Text(q ir.Quantifier, p *Prop) string {
	b := make([]byte, 0, 128)
	b = append(b, quantText(q)...)
	b = append(b, " ("...)
	b = AppendProp(b, p, TopLevel)
	return string(append(b, ')'))
}

func quantText(q ir.Quantifier) string {
	switch q {
	case ir.Exists:
		return "exists"
	case ir.NotExists:
		return "~exists"
	}
	return "forall"
}

// topLevel is the op of what is around a whole proposition.
const TopLevel = NotProp

// appendProp prints p as it has to stand within an operator.
func AppendProp(b []byte, p *Prop, around PropOp) []byte {
	switch {
	case p.Op == AtomProp:
		return appendAtom(b, p)
	case p.Op == NotProp:
		b = append(b, "not ("...)
		return append(AppendProp(b, p.Kids[0], TopLevel), ')')
	case len(p.Kids) == 0 && p.Op == AllProp:
		return append(b, "true"...)
	case len(p.Kids) == 0:
		return append(b, "false"...)
	}
	paren := around != TopLevel && around != p.Op && !(around == AnyProp && p.Op == AllProp)
	if paren {
		b = append(b, '(')
	}
	for i, k := range p.Kids {
		if i > 0 {
			b = append(b, separator(p.Op)...)
		}
		b = AppendProp(b, k, p.Op)
	}
	if paren {
		b = append(b, ')')
	}
	return b
}

func separator(op PropOp) string {
	switch op {
	case AllProp:
		return ` /\ `
	case AnyProp:
		return ` \/ `
	}
	return " => "
}

func appendAtom(b []byte, p *Prop) []byte {
	cmp := p.Cmp
	if cmp == ir.NeAtom {
		b = append(b, "not ("...)
		cmp = ir.EqAtom
	}
	left := LocText(p.Left)
	if p.Right.Kind == ListOperand {
		left = p.Left.Name
	}
	b = append(append(b, left...), CmpText(cmp)...)
	b = AppendOperand(b, p.Right)
	if p.Cmp == ir.NeAtom {
		b = append(b, ')')
	}
	return b
}

// CmpText is how a comparison is written.
func CmpText(op ir.PropOp) string {
	switch op {
	case ir.LtAtom:
		return "<"
	case ir.LeAtom:
		return "<="
	case ir.GtAtom:
		return ">"
	case ir.GeAtom:
		return ">="
	}
	return "="
}

func AppendOperand(b []byte, v Operand) []byte {
	switch v.Kind {
	case NumOperand:
		return strconv.AppendInt(b, v.Num, 10)
	case LocOperand:
		return append(b, LocText(v.Loc)...)
	case AddrOperand:
		if v.Loc.Index == Whole {
			return append(b, v.Loc.Name...)
		}
		return append(b, LocText(v.Loc)...)
	}
	b = append(b, '{')
	for i, e := range v.List {
		if i > 0 {
			b = append(b, ',')
		}
		b = AppendOperand(b, e)
	}
	return append(b, '}')
}
