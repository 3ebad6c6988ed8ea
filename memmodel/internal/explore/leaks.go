package explore

import (
	"maps"
	"slices"

	"crosscall/memmodel/internal/interp"
	"crosscall/memmodel/internal/ir"
)

// Leaks reports whether memory is lost at the end: it was allocated and not freed, and
// no variable has its address, nor memory that a variable leads to. Of memory that is
// found from a variable, the program may have use to the last. Where threads wait
// forever, or values are not known, it reports none.
func (x *Execution) Leaks() bool {
	s := x.state
	allocated := slices.Clone(s.Prog.Allocated)
	for _, p := range s.Paths {
		if p.Endless() || p.Fault != nil || p.Misuse != nil {
			return false
		}
		allocated = append(allocated, p.Allocs...)
	}
	if len(s.Prog.Objects) == 0 {
		return false
	}
	memory := make([]int64, len(s.Prog.Cells))
	for c := range memory {
		v, ok := s.Observe(ir.Obs{Kind: ir.CellObs, Cell: c})
		if !ok {
			return false
		}
		memory[c] = v
	}
	if s.Prog.Hidden {
		return false
	}
	var kept []int64
	freed := x.freed()
	maps.Copy(freed, s.Prog.Freed)
	if s.Prog.Final != nil {
		in := interp.Resume(s.Prog, s.Prog.Final, memory, freed)
		if _, err := in.Run(nil); err != nil {
			return false
		}
		allocated = append(allocated, in.Allocated()...)
		freed = in.Freed()
		for _, r := range s.Prog.Kept {
			kept = append(kept, in.Regs()[r])
		}
	} else if main := len(s.Paths) - 1; main >= 0 {
		for _, r := range s.Prog.Kept {
			v, ok := s.Observe(ir.Obs{Kind: ir.RegObs, Thread: main, Reg: r})
			if !ok {
				return false
			}
			kept = append(kept, v)
		}
	}
	objects := slices.DeleteFunc(allocated, func(o int) bool {
		_, ok := freed[s.Prog.Objects[o].Cell]
		return ok || s.Prog.Objects[o].Local != ""
	})
	return lost(s.Prog, objects, memory, kept)
}

// lost reports whether one of the objects cannot be found from variables.
func lost(p *ir.Program, objects []int, memory, kept []int64) bool {
	found := make(map[int]bool)
	var look func(v int64)
	look = func(v int64) {
		for _, o := range objects {
			at := p.Objects[o]
			if base := ir.AddrOf(at.Cell); !found[o] && v >= base && v < base+int64(at.Size) {
				found[o] = true
				for c := range at.Size {
					look(memory[at.Cell+c])
				}
			}
		}
	}
	for _, v := range kept {
		look(v)
	}
	for c := range p.Cells {
		if cell := &p.Cells[c]; !cell.Heap && !cell.Private && cell.Name != "" {
			look(memory[c])
		}
	}
	return slices.ContainsFunc(objects, func(o int) bool { return !found[o] })
}
