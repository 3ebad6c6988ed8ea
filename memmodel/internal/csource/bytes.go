package csource

import (
	"slices"
	"strings"

	"crosscall/memmodel/internal/ir"
)

// builtinOfBytes works on bytes and bits. It is the last: other names are errors.
func (l *lowerer) builtinOfBytes(e *expr) value {
	switch e.name {
	case "__cc_clear":
		l.fill(e.args[0], known(0), l.rvalue(e.args[1]))
	case "__cc_fill":
		l.fill(e.args[0], l.rvalue(e.args[1]), l.rvalue(e.args[2]))
	case "__cc_copy":
		l.copyBytes(e)
	case "__cc_move":
		l.moveBytes(e)
	case "__cc_compare":
		return l.compareBytes(e)
	case "__cc_popcount":
		return l.code.popcount(l.rvalue(e.args[0]))
	case "__cc_ctz":
		return l.code.trailingZeros(l.rvalue(e.args[0]))
	case "__cc_unsupported":
		fail(e.at, "%s", e.args[0].name)
	case "__cc_unreadable":
		at, msg := splitPosition(e.at.File, e.args[0].name)
		fail(at, "%s", strings.TrimSpace(msg))
	case "__cc_print":
		for _, a := range e.args {
			if a.kind != stringExpr {
				l.rvalue(a)
			}
		}
	default:
		if strings.HasPrefix(e.name, "__cc_") {
			fail(e.at, "%s is not declared", e.name)
		}
		return l.verifier(e)
	}
	return known(0)
}

// fill sets each byte of what e points at.
func (l *lowerer) fill(e *expr, with, size value) {
	p := l.code.kept(l.rvalue(e), pointerT)
	least := known(0xff)
	word := l.code.kept(operation(ir.Mul, operation(ir.And, with, least, longT), known(0x0101010101010101), longT), longT)
	uniform := with.isConst() && (with.e.K&0xff == 0 || with.e.K&0xff == 0xff)
	l.code.sized(e, size, func(t *ctype, n int64) {
		if !uniform && slices.ContainsFunc(t.leaves, func(f leaf) bool { return f.bits }) {
			fail(e.at, "memset of bit-fields to another byte than 0 or 0xff is not supported: set them one by one") // see checkBitLayout
		}
		for i := range n {
			at := place{reg: ir.NoReg, addr: plus(p, i*t.size), t: t}
			for _, f := range t.leaves {
				if !f.lock {
					l.mem.plainStore(at.part(f), wrap(word, f.t))
				}
			}
		}
	})
}

func (l *lowerer) copyBytes(e *expr) {
	p, q := l.code.kept(l.rvalue(e.args[0]), pointerT), l.code.kept(l.rvalue(e.args[1]), pointerT)
	l.code.sized(e.args[0], l.rvalue(e.args[2]), func(t *ctype, n int64) {
		for i := range n {
			l.mem.copy(place{reg: ir.NoReg, addr: plus(p, i*t.size), t: t}, place{reg: ir.NoReg, addr: plus(q, i*t.size), t: t})
		}
	})
}

// moveBytes is memmove: all is read before anything is written, because the two may overlap.
func (l *lowerer) moveBytes(e *expr) {
	p, q := l.code.kept(l.rvalue(e.args[0]), pointerT), l.code.kept(l.rvalue(e.args[1]), pointerT)
	l.code.sized(e.args[0], l.rvalue(e.args[2]), func(t *ctype, n int64) {
		leaves := slices.DeleteFunc(slices.Clone(t.leaves), func(f leaf) bool { return f.lock })
		var read []value
		for i := range n {
			for _, f := range leaves {
				read = append(read, l.code.kept(l.mem.copied(place{reg: ir.NoReg, addr: plus(q, i*t.size), t: t}.part(f)), f.t))
			}
		}
		for i := range n {
			for k, f := range leaves {
				l.mem.plainStore(place{reg: ir.NoReg, addr: plus(p, i*t.size), t: t}.part(f), read[int(i)*len(leaves)+k])
			}
		}
	})
}

// compareBytes is memcmp: the difference of the first bytes that are not equal, or 0.
func (l *lowerer) compareBytes(e *expr) value {
	p, q := l.code.kept(l.rvalue(e.args[0]), pointerT), l.code.kept(l.rvalue(e.args[1]), pointerT)
	result := l.code.temp()
	l.code.sized(e.args[0], l.rvalue(e.args[2]), func(t *ctype, n int64) {
		l.code.set(result, l.mem.difference(e, p, q, t, n))
	})
	v := loaded(result, intT)
	v.lo, v.hi = -255, 255
	return v
}

// difference is that of the first bytes that are not equal of n variables of type t, or 0.
func (m *memory) difference(e *expr, p, q value, t *ctype, n int64) value {
	var a, b []value
	var sizes []int64
	for i := range n {
		full := int64(0)
		for _, f := range t.leaves {
			full += f.t.size
			x := m.load(place{reg: ir.NoReg, addr: plus(p, i*t.size), t: t}.part(f))
			a = append(a, m.code.kept(x, f.t))
			y := m.load(place{reg: ir.NoReg, addr: plus(q, i*t.size), t: t}.part(f))
			b, sizes = append(b, m.code.kept(y, f.t)), append(sizes, f.t.size)
		}
		if full != t.size {
			fail(e.at, "memcmp would compare bytes here that no member has: compare the members")
		}
	}
	result := known(0)
	for i := len(a) - 1; i >= 0; i-- {
		for k := sizes[i] - 1; k >= 0; k-- {
			difference := expression(ir.Sub, byteOf(a[i], k), byteOf(b[i], k))
			result = m.code.kept(value{e: &ir.Expr{Op: ir.Cond, A: difference, B: difference, C: result.e}, lo: -255, hi: 255}, intT)
		}
	}
	return result
}

// byteOf is byte k of a value, the lowest first.
func byteOf(v value, k int64) *ir.Expr {
	return expression(ir.And, expression(ir.Shr, v.e, known(8*k).e), known(255).e)
}
