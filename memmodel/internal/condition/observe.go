package condition

import (
	"cmp"
	"slices"
	"strings"

	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/primitive"
)

// Compile compiles a proposition in which every name has to be known: a name
// with a slip of the pen in it would be 0, and the verdict wrong.
func (s *Space) Compile(p *Prop) *ir.Prop {
	s.checkNames(p)
	return s.prop(p)
}

func (s *Space) checkNames(p *Prop) {
	if p.Op == AtomProp {
		s.checkName(p.Left)
		s.checkOperand(p.Right)
	}
	for _, k := range p.Kids {
		s.checkNames(k)
	}
}

func (s *Space) checkOperand(v Operand) {
	if v.Kind == AddrOperand || v.Kind == LocOperand {
		s.checkName(v.Loc)
	}
	for _, e := range v.List {
		s.checkOperand(e)
	}
}

func (s *Space) checkName(loc Location) {
	if loc.Thread == SharedVar {
		if s.find(loc.Name) == nil {
			primitive.Fail(s.File, loc.At, "there is no variable %s: %s", loc.Name, s.Missing)
		}
		return
	}
	s.checkThread(loc)
	if !s.Threads.Has(loc.Thread, loc.Name) {
		primitive.Fail(s.File, loc.At, "P%d has no register %s", loc.Thread, loc.Name)
	}
}

// prop compiles a proposition.
func (s *Space) prop(p *Prop) *ir.Prop {
	switch p.Op {
	case AtomProp:
		return s.atom(p)
	case NotProp:
		return &ir.Prop{Op: ir.NotProp, Kids: []*ir.Prop{s.prop(p.Kids[0])}}
	case ImpliesProp:
		not := &ir.Prop{Op: ir.NotProp, Kids: []*ir.Prop{s.prop(p.Kids[0])}}
		return &ir.Prop{Op: ir.Any, Kids: []*ir.Prop{not, s.prop(p.Kids[1])}}
	}
	if p.Op == AllProp && len(p.Kids) == 0 {
		return &ir.Prop{Op: ir.True}
	}
	out := &ir.Prop{Op: ir.All, Kids: make([]*ir.Prop, len(p.Kids))}
	if p.Op == AnyProp {
		out.Op = ir.Any
	}
	for i, k := range p.Kids {
		out.Kids[i] = s.prop(k)
	}
	return out
}

func (s *Space) atom(p *Prop) *ir.Prop {
	if p.Right.Kind == ListOperand {
		return s.arrayAtom(p)
	}
	return &ir.Prop{Op: p.Cmp, Left: s.obs(p.Left), Right: s.rightObs(p.Right)}
}

// arrayAtom compares the elements of an array.
func (s *Space) arrayAtom(p *Prop) *ir.Prop {
	v := s.Variable(p.Left.Name)
	if p.Left.Thread != SharedVar || p.Left.Index != Whole || v.Size != len(p.Right.List) || !v.List {
		primitive.Fail(s.File, p.Left.At, "%s is no array of %d elements", LocText(p.Left), len(p.Right.List))
	}
	all := &ir.Prop{Op: ir.All}
	for i, e := range p.Right.List {
		left := ir.Obs{Kind: ir.CellObs, Cell: v.Element(i)}
		all.Kids = append(all.Kids, &ir.Prop{Op: ir.EqAtom, Left: left, Right: s.rightObs(e)})
	}
	if p.Cmp == ir.NeAtom {
		return &ir.Prop{Op: ir.NotProp, Kids: []*ir.Prop{all}}
	}
	return all
}

func (s *Space) rightObs(v Operand) ir.Obs {
	switch v.Kind {
	case LocOperand:
		return s.obs(v.Loc)
	case ListOperand:
		primitive.Fail(s.File, primitive.PlaceAt(1, 1), "an array has no arrays in it")
	}
	return ir.Obs{Kind: ir.ConstObs, K: s.Constant(v)}
}

// obs is what a location is in the program. A register that the program does
// not know yet keeps its initial value.
func (s *Space) obs(loc Location) ir.Obs {
	if loc.Thread == SharedVar {
		return ir.Obs{Kind: ir.CellObs, Cell: s.cell(loc)}
	}
	s.checkThread(loc)
	return ir.Obs{Kind: ir.RegObs, Thread: loc.Thread, Reg: s.Threads.Reg(loc.Thread, loc.Name)}
}

// Observe has t list what herd7 prints of a state.
func (s *Space) Observe(t *ir.Test, f *Final) {
	locs := slices.Clone(f.Locations)
	locs = named(f.Cond, locs)
	if len(locs) > maxCells {
		primitive.Fail(s.File, locs[maxCells].At, "the condition and the list of locations name more than %d locations", maxCells)
	}
	slices.SortStableFunc(locs, s.compareLocations)
	locs = slices.CompactFunc(locs, func(a, b Location) bool { return s.compareLocations(a, b) == 0 })
	for _, loc := range locs {
		if v := s.find(loc.Name); loc.Thread == SharedVar && loc.Index == Whole && v != nil && v.List {
			t.Arrays = append(t.Arrays, ir.Span{From: len(t.Observed), Size: v.Size})
			for i := range v.Size {
				loc.Index = i
				s.observeOne(t, loc)
			}
			continue
		}
		s.observeOne(t, loc)
	}
}

func (s *Space) observeOne(t *ir.Test, loc Location) {
	t.Observed = append(t.Observed, s.obs(loc))
	t.ObservedNames = append(t.ObservedNames, LocText(loc))
}

// named adds the locations that p is about.
func named(p *Prop, list []Location) []Location {
	if p.Op == AtomProp {
		list = append(list, p.Left)
		if p.Right.Kind == LocOperand {
			list = append(list, p.Right.Loc)
		}
	}
	for _, k := range p.Kids {
		list = named(k, list)
	}
	return list
}

// compareLocations is herd's order: registers by thread and name, variables by
// name, elements.
func (s *Space) compareLocations(a, b Location) int {
	group := func(l Location) int {
		switch {
		case l.Thread != SharedVar:
			return 0
		case l.Index == Whole:
			return 1
		}
		return 2
	}
	return cmp.Or(cmp.Compare(group(a), group(b)), cmp.Compare(a.Thread, b.Thread),
		s.compareNames(a, b), cmp.Compare(a.Index, b.Index))
}

func (s *Space) compareNames(a, b Location) int {
	if s.CompareRegs != nil && a.Thread != SharedVar && b.Thread != SharedVar {
		return s.CompareRegs(a.Name, b.Name)
	}
	return strings.Compare(a.Name, b.Name)
}
