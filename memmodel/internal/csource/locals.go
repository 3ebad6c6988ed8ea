package csource

import (
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// The locals are the variables of one thread that are in memory. Once its code is whole,
// place decides which of them are shared memory, and which are registers.
type locals struct {
	prog  *ir.Program
	space *space
	code  *code
	mem   *memory

	own []object
	// ownStatics is how many of own, the first, are static variables.
	ownStatics int
	// loose has those of which an address beyond them was computed, as
	// container_of does for the head of a list.
	loose map[int]bool
	unset []unset // those without a first value
}

// place decides where the locals of a thread are that are in memory.
//
// A local whose address does not escape is no shared memory: its cells are
// Private. If the address is not even used in a computation, so that all
// accesses name the cell, the cell is a register. So a local whose address is
// only passed to inlined functions is as cheap as a variable. Locals whose
// address goes into memory that others can access are shared memory.
func (l *locals) place() {
	owner := make(map[int]int) // of a cell: its object
	for o, obj := range l.own {
		for i := range obj.size {
			owner[obj.cell+i] = o
		}
	}
	f := flow{l: l, owner: owner, regs: make([]set, len(l.code.th.Regs)), cells: make([]set, len(l.own)), escaped: make([]bool, len(l.own)), valued: make([]bool, len(l.own))}
	for o := range l.loose {
		f.escaped[o] = true
	}
	f.run()
	for o, obj := range l.own {
		for i := range obj.size {
			if cell := &l.prog.Cells[obj.cell+i]; !f.escaped[o] {
				cell.Private = true
			} else if obj.unset {
				cell.Uninit = canBeUnset(cell)
			}
		}
	}
	l.resolveLives(f)
	l.promote(f)
	for o := range l.ownStatics {
		l.prog.Hidden = l.prog.Hidden || !f.escaped[o] && f.valued[o]
	}
	for o, obj := range l.own {
		if !f.escaped[o] && !f.valued[o] {
			clear(l.prog.Cells[obj.cell : obj.cell+obj.size])
		}
	}
}

// A set of objects, by index.
type set map[int]bool

// A flow follows the addresses of locals through registers and memory, without
// regard to the order of instructions.
type flow struct {
	l       *locals
	owner   map[int]int
	regs    []set // by register: objects whose addresses it may hold
	cells   []set // by object: those whose addresses may be in it
	escaped []bool
	valued  []bool // its address is used otherwise than for an access
	changed bool
}

func (f *flow) run() {
	for f.changed = true; f.changed; {
		f.changed = false
		for i := range f.l.code.th.Instr {
			f.step(&f.l.code.th.Instr[i])
		}
	}
}

func (f *flow) step(in *ir.Instr) {
	switch in.Op {
	case ir.Assign:
		f.into(&f.regs[in.Dst], f.in(in.Val, true))
	case ir.Free:
		f.escape(f.in(in.Addr, true))
	case ir.Do:
		if marked(in, createMark) {
			f.escape(f.in(in.Val, true))
			return
		}
		to := f.in(in.Addr, in.Addr != nil && in.Addr.Op != ir.Const)
		if in.Kind != graph.Read && in.Kind != graph.Write && in.Kind != graph.Fence {
			f.escape(to) // a lock has its effect even if only its own thread uses it
		}
		if in.Val != nil && in.Kind.Writes() {
			v := f.in(in.Val, true)
			if len(v) > 0 && len(to) == 0 {
				f.escape(v)
			}
			for o := range to {
				f.into(&f.cells[o], v)
				if f.escaped[o] {
					f.escape(v)
				}
			}
		}
		if in.Kind.Reads() && in.Dst != ir.NoReg {
			for o := range to {
				f.into(&f.regs[in.Dst], f.cells[o])
			}
		}
	default:
		if in.Val != nil {
			f.in(in.Val, true)
		}
	}
}

func (f *flow) into(s *set, from set) {
	for o := range from {
		if !(*s)[o] {
			if *s == nil {
				*s = make(set)
			}
			(*s)[o] = true
			f.changed = true
		}
	}
}

// escape marks objects that other threads can reach, and all objects whose
// addresses are in them.
func (f *flow) escape(s set) {
	for o := range s {
		if !f.escaped[o] {
			f.escaped[o], f.changed = true, true
			f.escape(f.cells[o])
		}
	}
}

// in is the objects whose addresses may go into the value of e. A pointer to the
// end of an object counts as a pointer to it.
func (f *flow) in(e *ir.Expr, value bool) set {
	if e == nil {
		return nil
	}
	switch e.Op {
	case ir.Const:
		cell := int(e.K - ir.AddrBase)
		o, ok := f.owner[cell]
		if !ok {
			if o, ok = f.owner[cell-1]; !ok {
				return nil
			}
		}
		if value && !f.valued[o] {
			f.valued[o] = true
		}
		return set{o: true}
	case ir.Load:
		return f.regs[e.R]
	case ir.Eq, ir.Ne, ir.Lt, ir.Le, ir.Gt, ir.Ge, ir.Not, ir.LAnd, ir.LOr:
		f.in(e.A, value)
		f.in(e.B, value)
		return nil
	}
	var all set
	for _, x := range [...]*ir.Expr{e.A, e.B, e.C} {
		f.into2(&all, f.in(x, value))
	}
	return all
}

func (f *flow) into2(s *set, from set) {
	for o := range from {
		if *s == nil {
			*s = make(set)
		}
		(*s)[o] = true
	}
}

// promote makes registers of the cells of locals that are only accessed by
// name. An atomic operation on such a cell becomes a plain one, because no
// other thread can access it.
func (l *locals) promote(f flow) {
	regs := make(map[int]ir.Reg)
	register := func(cell int) ir.Reg {
		r, ok := regs[cell]
		if ok {
			return r
		}
		r = l.code.register(strings.TrimPrefix(l.prog.Cells[cell].Name, l.code.th.Name+":"))
		l.code.th.Init[r] = l.prog.Cells[cell].Init
		regs[cell] = r
		for k := range l.unset {
			if v := &l.unset[k]; v.addr == ir.AddrOf(cell) {
				v.reg = r
			}
		}
		if f.owner[cell] < l.ownStatics {
			l.prog.Kept = append(l.prog.Kept, r)
		}
		return r
	}
	for i := range l.code.th.Instr {
		in := &l.code.th.Instr[i]
		if in.Op != ir.Do || in.Addr == nil || in.Addr.Op != ir.Const {
			continue
		}
		cell := int(in.Addr.K - ir.AddrBase)
		o, ok := f.owner[cell]
		if !ok || f.escaped[o] || f.valued[o] || in.Kind != graph.Read && in.Kind != graph.Write {
			continue
		}
		if l.prog.Cells[cell].Name == "" || l.prog.Mistypes(in, cell) {
			l.promoteBytes(in, register)
			continue
		}
		r := register(cell)
		if t := l.prog.Cells[cell].Type; l.prog.Resigned(in, cell) && in.Kind == graph.Write {
			in.Val = ir.Extend(in.Val, t)
		} else if l.prog.Resigned(in, cell) && in.Dst != ir.NoReg {
			*in = ir.Instr{Op: ir.Assign, Dst: in.Dst, Val: ir.Extend(&ir.Expr{Op: ir.Load, R: r}, in.Type), Text: in.Text, Pos: in.Pos}
			continue
		}
		if in.Kind == graph.Write {
			*in = ir.Instr{Op: ir.Assign, Dst: r, Val: in.Val, Text: in.Text, Pos: in.Pos}
		} else if in.Dst != ir.NoReg {
			*in = ir.Instr{Op: ir.Assign, Dst: in.Dst, Val: &ir.Expr{Op: ir.Load, R: r}, Text: in.Text, Pos: in.Pos}
		}
	}
}

// An object is a variable in memory.
type object struct {
	cell, size int
	unset      bool // it is declared without a value
	always     bool // it is thread-local: it has a value from the start of the thread
}

// inMemory makes an object in memory for a local variable.
func (l *locals) inMemory(name string, t *ctype) int64 {
	cell := l.space.object(l.code.th.Name+":"+name, t)
	l.own = append(l.own, object{cell: cell, size: int(t.size)})
	return ir.AddrOf(cell)
}
