package csource

import (
	"modernc.org/cc/v4"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// A bit-field is part of a unit: a word of the size of the largest type in a run of
// bit-fields that are declared one after another. A read of the field reads the
// unit. A write of it reads the unit and writes it back, as compilers do. The fields
// of one unit are one memory location, as in C11.
type bitfield struct {
	unit         *ctype
	shift, width int64
	signed       bool
	part         *ctype // of a part of a word (see parts.go): its type; else nil
}

var units = map[int64]*ctype{}

func init() {
	for _, size := range []int64{1, 2, 4, 8} {
		t := &ctype{kind: intType, size: size, name: "bits"}
		t.leaves = []leaf{{t: t}}
		units[size] = t
	}
}

// bitsOf is what a bit-field is, and the offset of its unit in the struct.
func bitsOf(f *cc.Field) (b *bitfield, off int64) {
	unit := units[unitSize(f)]
	first := f.Offset()*8 + int64(f.OffsetBits())
	off = first / (8 * unit.size) * unit.size
	t := f.Type()
	return &bitfield{unit: unit, shift: first - 8*off, width: f.ValueBits(), signed: cc.IsSignedInteger(t) && t.Kind() != cc.Bool && !unsignedEnum(t)}, off
}

// unitSize is the size of the largest type in the run of bit-fields that f is in. No
// bit-field crosses a multiple of its own type's size, so none crosses a multiple of a
// larger size.
func unitSize(f *cc.Field) int64 {
	size := f.Type().Size()
	var n int
	var field func(int) *cc.Field
	switch t := f.ParentType().(type) {
	case *cc.StructType:
		n, field = t.NumFields(), t.FieldByIndex
	case *cc.UnionType:
		return size
	}
	for i := f.Index() - 1; i >= 0 && i < n && field(i).IsBitfield(); i-- {
		size = max(size, field(i).Type().Size())
	}
	for i := f.Index() + 1; i < n && field(i).IsBitfield(); i++ {
		size = max(size, field(i).Type().Size())
	}
	return size
}

// checkBitLayout fails if package cc has a bit-field elsewhere than compilers for amd64, which have it behind what comes
// before it, but not across a multiple of the size of its type. That shows only in a union, in the bytes that memset writes,
// and in sizeof and offsetof.
func checkBitLayout(n int, field func(int) *cc.Field, at graph.Pos) {
	end := int64(0) // in bits
	for i := range n {
		f := field(i)
		first := 8*f.Offset() + int64(f.OffsetBits())
		switch size := 8 * f.Type().Size(); {
		case !f.IsBitfield():
			end = first + max(size, 0)
			continue
		case f.ValueBits() == 0:
			end = (end + size - 1) / size * size
			continue
		case f.ParentType().Kind() == cc.Union:
			end = 0
		case end/size != (end+f.ValueBits()-1)/size:
			end = (end + size - 1) / size * size
		}
		if f.Name() != "" && first != end {
			fail(at, "the bit-field %s begins at bit %d, and would be taken to begin at bit %d: that is not supported, declare bit-fields beside each other with one type", f.Name(), end, first)
		}
		end += f.ValueBits()
	}
}

func (b *bitfield) mask() int64 {
	if b.width == 64 {
		return -1
	}
	return 1<<b.width - 1
}

// of is the field of the value of a unit.
func (b *bitfield) of(v value) value {
	return b.truncated(operation(ir.Shr, v, known(b.shift), b.unit))
}

// truncated is what a field holds of a value.
func (b *bitfield) truncated(v value) value {
	x := expression(ir.And, v.e, known(b.mask()).e)
	if b.width == 64 {
		return v
	}
	if !b.signed {
		return value{e: x, lo: 0, hi: b.mask()}
	}
	top := int64(1) << (b.width - 1)
	x = expression(ir.Sub, expression(ir.Xor, x, known(top).e), known(top).e)
	return value{e: x, lo: -top, hi: top - 1}
}

// in is the value of a unit with the field set to v.
func (b *bitfield) in(unit, v value) value {
	others := expression(ir.And, unit.e, known(^(b.mask() << b.shift)).e)
	mine := expression(ir.Shl, expression(ir.And, v.e, known(b.mask()).e), known(b.shift).e)
	return wrap(value{e: expression(ir.Or, others, mine), lo: -1 << 63, hi: 1<<63 - 1}, b.unit)
}

// whole is the place of the unit that a place of a bit-field is in.
func (p place) whole() place {
	p.t, p.bits = p.bits.unit, nil
	return p
}
