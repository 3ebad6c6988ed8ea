package asm

import (
	"crosscall/memmodel/internal/condition"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/primitive"
)

// sizeOf is the size of a type in bytes, by its name, and whether it has no sign. It is 0
// if it is not known.
func sizeOf(typ string) (size int, unsigned bool) {
	switch typ {
	case "int8_t", "char":
		return 1, false
	case "uint8_t":
		return 1, true
	case "int16_t", "short":
		return 2, false
	case "uint16_t":
		return 2, true
	case "int", "int32_t", "ins_t":
		return 4, false
	case "uint32_t":
		return 4, true
	case "int64_t", "long", "intptr_t", "*":
		return 8, false
	case "uint64_t", "uintptr_t":
		return 8, true
	}
	return 0, false
}

// typeOf is the type that a variable is declared with.
func typeOf(v *condition.Variable) string {
	if v.Init == nil {
		return ""
	}
	return v.Init.Type
}

// sizes gives cells their types: the size in which they are accessed. It refuses a
// variable that is accessed in two, and says how values are printed.
func (c *compiler) sizes(t *ir.Test) {
	reach, usual := c.reach()
	printed := map[int]uint8{}
	for i := range c.Vars {
		v := &c.Vars[i]
		declared, unsigned := sizeOf(typeOf(v))
		for k := range v.Size {
			cell := v.Element(k)
			size := c.sizeOfCell(v, declared, usual, reach[cell])
			c.Prog.Cells[cell].Type = uint8(size)
			c.Prog.Cells[cell].Init = c.held(c.Prog.Cells[cell].Init, size)
			printed[cell] = printedAs(size, declared, unsigned)
		}
	}
	for _, o := range t.Observed {
		if o.Kind == ir.CellObs {
			t.Types = append(t.Types, printed[o.Cell])
			continue
		}
		t.Types = append(t.Types, c.registerType(o))
	}
	c.canonical(t.Cond)
	if t.Filter != nil {
		c.canonical(t.Filter)
	}
	for i := range c.Prog.Threads {
		narrow(c.Prog, &c.Prog.Threads[i], c.arch.signed)
	}
}

// sizeOfCell is the size in which the accesses that are known to reach a cell do so. If
// there are none it is the one that is usual in the test.
func (c *compiler) sizeOfCell(v *condition.Variable, declared, usual int, by []*ir.Instr) int {
	if len(by) == 0 {
		if declared != 0 {
			return declared
		}
		return usual
	}
	size := int(by[0].Type)
	for _, in := range by {
		at := primitive.PlaceAt(in.Pos.Line, in.Pos.Col)
		switch {
		case declared != 0 && int(in.Type) > declared:
			primitive.Fail(c.File, at, "%s accesses %d bytes of %s, which has %d: mixed-size tests are not supported", in.Text, in.Type, v.Name, declared)
		case int(in.Type) != size:
			primitive.Fail(c.File, at, "%s accesses %d bytes of %s, and %s accesses %d: mixed-size tests are not supported", in.Text, in.Type, v.Name, by[0].Text, size)
		}
	}
	return size
}

// printedAs is the number of the type in which a cell of that size is printed. A cell that is
// declared larger has zeros above. A cell without a declaration is an int.
func printedAs(size, declared int, unsigned bool) uint8 {
	if declared == 0 && size < 4 {
		declared = 4
	}
	return ir.Printed(uint8(size), unsigned || declared > size)
}

// registerType is the number of the type in which a register is printed: the declared one, or else
// int, as in herd7, if the value is one.
func (c *compiler) registerType(o ir.Obs) uint8 {
	size, unsigned := c.declared(o)
	if size == 0 {
		return ir.Int
	}
	return ir.Printed(uint8(size), unsigned)
}

// declared is the type that a register is declared with; 0 if it is not.
func (c *compiler) declared(o ir.Obs) (size int, unsigned bool) {
	name := c.regs[o.Thread].Names[o.Reg]
	for i := range c.Init {
		if l := c.Init[i].Loc; (l.Thread == o.Thread || l.Thread == condition.EveryThread) && l.Name == name {
			return sizeOf(c.Init[i].Type)
		}
	}
	return 0, false
}

// held is how a cell of a size holds a value.
func (c *compiler) held(v int64, size int) int64 {
	if size == 0 || size >= 8 || v >= ir.AddrBase {
		return v
	}
	bits := 8 * size
	if c.arch.signed {
		return v << (64 - bits) >> (64 - bits)
	}
	return v & (1<<bits - 1)
}

// canonical makes the constants in a proposition what a cell holds that is equal.
func (c *compiler) canonical(p *ir.Prop) {
	if p.Left.Kind == ir.CellObs && p.Right.Kind == ir.ConstObs && (p.Op == ir.EqAtom || p.Op == ir.NeAtom) {
		p.Right.K = c.held(p.Right.K, int(c.Prog.Cells[p.Left.Cell].Type))
	}
	if p.Left.Kind == ir.RegObs && p.Right.Kind == ir.ConstObs && p.Op == ir.EqAtom {
		c.bitsOf(p)
		return
	}
	for _, k := range p.Kids {
		c.canonical(k)
	}
}

// bitsOf has a register be equal to a number if it has the bits of it in the size of its
// type, with or without the sign above: -1 in a register of 32 bits is 0xffffffff in one of
// 64.
func (c *compiler) bitsOf(p *ir.Prop) {
	size, _ := c.declared(p.Left)
	if size == 0 {
		size = 4
	}
	k, bits := p.Right.K, 8*size
	if size == 8 || k >= ir.AddrBase || k != int64(uint64(k)<<(64-bits)>>(64-bits)) && k != k<<(64-bits)>>(64-bits) {
		return
	}
	zero, sign := int64(uint64(k)<<(64-bits)>>(64-bits)), k<<(64-bits)>>(64-bits)
	if zero == sign {
		return
	}
	atom := func(k int64) *ir.Prop {
		return &ir.Prop{Op: ir.EqAtom, Left: p.Left, Right: ir.Obs{Kind: ir.ConstObs, K: k}}
	}
	*p = ir.Prop{Op: ir.Any, Kids: []*ir.Prop{atom(zero), atom(sign)}}
}

// reach finds which accesses are known to reach each cell, and the size that is usual: the
// most frequent one. An access whose address has been loaded is not known to reach any.
func (c *compiler) reach() (by map[int][]*ir.Instr, usual int) {
	by = map[int][]*ir.Instr{}
	count := map[int]int{}
	for t := range c.Prog.Threads {
		th := &c.Prog.Threads[t]
		flow(th, func(in *ir.Instr, values []known) {
			if in.Op != ir.Do || in.Addr == nil {
				return
			}
			count[int(in.Type)]++
			at := valuesOf(in.Addr, values)
			if at.all && len(at.list) == 1 {
				c.checkWithin(in, at.list[0])
			}
			for _, v := range at.list {
				if cell, ok := c.Prog.CellAt(v); ok && at.all {
					by[cell] = append(by[cell], in)
				}
			}
		})
	}
	usual = 4
	for size, n := range count {
		if n > count[usual] || n == count[usual] && size < usual {
			usual = size
		}
	}
	return by, usual
}

// checkWithin refuses an access to the bytes of a variable from another than the first on. An
// access to an address that is far from all is an error of the executions that make it.
func (c *compiler) checkWithin(in *ir.Instr, addr int64) {
	if _, ok := c.Prog.CellAt(addr); ok {
		return
	}
	at := primitive.PlaceAt(in.Pos.Line, in.Pos.Col)
	for i := range c.Vars {
		v := &c.Vars[i]
		end := v.Element(v.Size-1) + gapCells + 1
		if off := addr - ir.AddrOf(v.Cell); off > 0 && off < int64(end-v.Cell) {
			primitive.Fail(c.File, at, "%s accesses %s from byte %d on: mixed-size tests are not supported, nor is what is behind a variable", in.Text, v.Name, off)
		}
	}
}
