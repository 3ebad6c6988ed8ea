package litmus

import (
	"strconv"

	"crosscall/memmodel/internal/ir"
)

func elementName(array string, i int) string { return array + "[" + strconv.Itoa(i) + "]" }

// locText is a location as herd7 prints it.
func locText(l location) string {
	switch {
	case l.thread != sharedVar:
		return strconv.Itoa(l.thread) + ":" + l.name
	case l.index != whole:
		return elementName(l.name, l.index)
	}
	return "[" + l.name + "]"
}

// condText is a condition as herd7 prints it (lib/constrGen.ml).
func condText(q ir.Quantifier, p *prop) string {
	b := make([]byte, 0, 128)
	b = append(b, quantText(q)...)
	b = append(b, " ("...)
	b = appendProp(b, p, topLevel)
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
const topLevel = notProp

// appendProp prints p as it has to stand within an operator.
func appendProp(b []byte, p *prop, around propOp) []byte {
	switch {
	case p.op == atomProp:
		return appendAtom(b, p)
	case p.op == notProp:
		b = append(b, "not ("...)
		return append(appendProp(b, p.kids[0], topLevel), ')')
	case len(p.kids) == 0 && p.op == allProp:
		return append(b, "true"...)
	case len(p.kids) == 0:
		return append(b, "false"...)
	}
	paren := around != topLevel && around != p.op && !(around == anyProp && p.op == allProp)
	if paren {
		b = append(b, '(')
	}
	for i, k := range p.kids {
		if i > 0 {
			b = append(b, separator(p.op)...)
		}
		b = appendProp(b, k, p.op)
	}
	if paren {
		b = append(b, ')')
	}
	return b
}

func separator(op propOp) string {
	switch op {
	case allProp:
		return ` /\ `
	case anyProp:
		return ` \/ `
	}
	return " => "
}

func appendAtom(b []byte, p *prop) []byte {
	cmp := p.cmp
	if cmp == ir.NeAtom {
		b = append(b, "not ("...)
		cmp = ir.EqAtom
	}
	left := locText(p.left)
	if p.right.kind == listOperand {
		left = p.left.name
	}
	b = append(append(b, left...), cmpText(cmp)...)
	b = appendOperand(b, p.right)
	if p.cmp == ir.NeAtom {
		b = append(b, ')')
	}
	return b
}

func cmpText(op ir.PropOp) string {
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

func appendOperand(b []byte, v operand) []byte {
	switch v.kind {
	case numOperand:
		return strconv.AppendInt(b, v.num, 10)
	case locOperand:
		return append(b, locText(v.loc)...)
	case addrOperand:
		if v.loc.index == whole {
			return append(b, v.loc.name...)
		}
		return append(b, locText(v.loc)...)
	}
	b = append(b, '{')
	for i, e := range v.list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendOperand(b, e)
	}
	return append(b, '}')
}
