package litmus

import (
	"cmp"
	"slices"
	"strings"

	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/primitive"
)

// checked compiles a proposition in which every name has to be known: a name
// with a slip of the pen in it would be 0, and the verdict wrong.
func (c *compiler) checked(p *prop) *ir.Prop {
	c.checkNames(p)
	return c.prop(p)
}

func (c *compiler) checkNames(p *prop) {
	if p.op == atomProp {
		c.checkName(p.left)
		c.checkOperand(p.right)
	}
	for _, k := range p.kids {
		c.checkNames(k)
	}
}

func (c *compiler) checkOperand(v operand) {
	if v.kind == addrOperand || v.kind == locOperand {
		c.checkName(v.loc)
	}
	for _, e := range v.list {
		c.checkOperand(e)
	}
}

func (c *compiler) checkName(loc location) {
	if loc.thread == sharedVar {
		if c.find(loc.name) == nil {
			primitive.Fail(c.file, loc.at, "there is no variable %s: no thread has it as a parameter, nor is it in the initial state", loc.name)
		}
		return
	}
	c.checkThread(loc)
	start := func(s primitive.StartValue) bool { return s.Name == loc.name }
	if !slices.Contains(c.procs[loc.thread].Named, loc.name) && !slices.ContainsFunc(c.regs[loc.thread].Start, start) {
		primitive.Fail(c.file, loc.at, "P%d has no register %s", loc.thread, loc.name)
	}
}

// prop compiles a proposition.
func (c *compiler) prop(p *prop) *ir.Prop {
	switch p.op {
	case atomProp:
		return c.atom(p)
	case notProp:
		return &ir.Prop{Op: ir.NotProp, Kids: []*ir.Prop{c.prop(p.kids[0])}}
	case impliesProp:
		not := &ir.Prop{Op: ir.NotProp, Kids: []*ir.Prop{c.prop(p.kids[0])}}
		return &ir.Prop{Op: ir.Any, Kids: []*ir.Prop{not, c.prop(p.kids[1])}}
	}
	if p.op == allProp && len(p.kids) == 0 {
		return &ir.Prop{Op: ir.True}
	}
	out := &ir.Prop{Op: ir.All, Kids: make([]*ir.Prop, len(p.kids))}
	if p.op == anyProp {
		out.Op = ir.Any
	}
	for i, k := range p.kids {
		out.Kids[i] = c.prop(k)
	}
	return out
}

func (c *compiler) atom(p *prop) *ir.Prop {
	if p.right.kind == listOperand {
		return c.arrayAtom(p)
	}
	return &ir.Prop{Op: p.cmp, Left: c.obs(p.left), Right: c.rightObs(p.right)}
}

// arrayAtom compares the elements of an array.
func (c *compiler) arrayAtom(p *prop) *ir.Prop {
	v := c.variable(p.left.name)
	if p.left.thread != sharedVar || p.left.index != whole || v.Size != len(p.right.list) || !v.list {
		primitive.Fail(c.file, p.left.at, "%s is no array of %d elements", locText(p.left), len(p.right.list))
	}
	all := &ir.Prop{Op: ir.All}
	for i, e := range p.right.list {
		left := ir.Obs{Kind: ir.CellObs, Cell: v.Cell + i}
		all.Kids = append(all.Kids, &ir.Prop{Op: ir.EqAtom, Left: left, Right: c.rightObs(e)})
	}
	if p.cmp == ir.NeAtom {
		return &ir.Prop{Op: ir.NotProp, Kids: []*ir.Prop{all}}
	}
	return all
}

func (c *compiler) rightObs(v operand) ir.Obs {
	switch v.kind {
	case locOperand:
		return c.obs(v.loc)
	case listOperand:
		primitive.Fail(c.file, primitive.PlaceAt(1, 1), "an array has no arrays in it")
	}
	return ir.Obs{Kind: ir.ConstObs, K: c.constant(v)}
}

// obs is what a location is in the program. A register that the program does
// not know yet keeps its initial value.
func (c *compiler) obs(loc location) ir.Obs {
	if loc.thread == sharedVar {
		return ir.Obs{Kind: ir.CellObs, Cell: c.cell(loc)}
	}
	c.checkThread(loc)
	return ir.Obs{Kind: ir.RegObs, Thread: loc.thread, Reg: c.regs[loc.thread].Reg(loc.name)}
}

// observe lists what herd7 prints of a state.
func (c *compiler) observe(t *ir.Test) {
	locs := slices.Clone(c.locations)
	locs = c.named(c.cond, locs)
	if len(locs) > maxCells {
		primitive.Fail(c.file, locs[maxCells].at, "the condition and the list of locations name more than %d locations", maxCells)
	}
	slices.SortStableFunc(locs, compareLocations)
	locs = slices.CompactFunc(locs, func(a, b location) bool { return compareLocations(a, b) == 0 })
	for _, loc := range locs {
		if v := c.find(loc.name); loc.thread == sharedVar && loc.index == whole && v != nil && v.list {
			t.Arrays = append(t.Arrays, ir.Span{From: len(t.Observed), Size: v.Size})
			for i := range v.Size {
				loc.index = i
				c.observeOne(t, loc)
			}
			continue
		}
		c.observeOne(t, loc)
	}
}

func (c *compiler) observeOne(t *ir.Test, loc location) {
	t.Observed = append(t.Observed, c.obs(loc))
	t.ObservedNames = append(t.ObservedNames, locText(loc))
}

// named adds the locations that p is about.
func (c *compiler) named(p *prop, list []location) []location {
	if p.op == atomProp {
		list = append(list, p.left)
		if p.right.kind == locOperand {
			list = append(list, p.right.loc)
		}
	}
	for _, k := range p.kids {
		list = c.named(k, list)
	}
	return list
}

// compareLocations is herd's order: registers by thread and name, variables by
// name, elements.
func compareLocations(a, b location) int {
	group := func(l location) int {
		switch {
		case l.thread != sharedVar:
			return 0
		case l.index == whole:
			return 1
		}
		return 2
	}
	return cmp.Or(cmp.Compare(group(a), group(b)), cmp.Compare(a.thread, b.thread),
		strings.Compare(a.name, b.name), cmp.Compare(a.index, b.index))
}
