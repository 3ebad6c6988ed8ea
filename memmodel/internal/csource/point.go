package csource

import (
	"maps"
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/interp"
	"crosscall/memmodel/internal/ir"
)

// A point is where code that runs by itself has got to, and what it has left.
type point struct {
	at        int // the next instruction of code
	regs      []int64
	code      []ir.Instr
	mem       []int64
	written   []bool
	freed     map[int]graph.Pos
	allocated []int
}

func pointOf(in *interp.Interpreter) *point {
	p := &point{
		at: in.At(), regs: in.Regs(), code: in.Less(),
		mem: slices.Clone(in.Memory()), freed: maps.Clone(in.Freed()), allocated: slices.Clone(in.Allocated()),
	}
	p.written = make([]bool, len(p.mem))
	for i := range p.written {
		p.written[i] = in.Written(i)
	}
	return p
}

// setInitialState makes memory as it is at p the initial state of the threads, which start
// at a place in the source.
func (c *compiler) setInitialState(p *point, at graph.Pos) {
	c.prog.Freed, c.prog.Allocated = p.freed, p.allocated
	for i, v := range p.mem {
		cell := &c.prog.Cells[i]
		if v != cell.Init || p.written[i] {
			cell.Init, cell.Uninit = v, false
			c.checkFree(cell, at)
		}
	}
}

// checkFree checks that a cell is no lock that is held when the threads start: the
// thread that releases it would not be the one that has taken it.
func (c *compiler) checkFree(cell *ir.Cell, at graph.Pos) {
	if isTaken(cell, cell.Init) {
		fail(at, "the lock %s is taken when the threads start: let the thread that releases it take it, too", cell.Name)
	}
}

// isTaken reports whether a cell is a lock, and taken if v is its value.
func isTaken(cell *ir.Cell, v int64) bool { return cell.Lock && v != 0 && v != ir.Poison }

// holdsLock reports whether a lock is taken where main is.
func (m *mainRun) holdsLock() bool {
	for i, v := range m.in.Memory() {
		if isTaken(&m.unit.prog.Cells[i], v) {
			return true
		}
	}
	return false
}
