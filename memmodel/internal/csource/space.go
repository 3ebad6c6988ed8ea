package csource

import (
	"strconv"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// A space is the memory of a program while it is made: the cells of variables, at addresses
// in bytes. It knows neither functions nor threads.
type space struct {
	src  *Source
	prog *ir.Program // of which the space makes the cells

	classes map[string]int
	aliases map[string]string // from a key to another that may have the same cells
	punned  map[string]bool
	strings map[*expr]int64
	heap    int   // objects on the heap so far
	copies  int64 // of each per-CPU variable
	percpu  int64 // the distance between two of them
	atomic  int64 // the address of the lock of atomic sections; 0 if there are none
	mixed   bool  // parts of words are accessed
	resized bool  // the program uses realloc
}

func newSpace(src *Source, prog *ir.Program) *space {
	s := &space{
		src: src, prog: prog,
		classes: make(map[string]int), aliases: make(map[string]string), punned: make(map[string]bool),
		strings: make(map[*expr]int64),
	}
	s.members()
	return s
}

// atomicLock is the lock of all atomic sections.
func (s *space) atomicLock() int64 {
	if s.atomic == 0 {
		cell := len(s.prog.Cells)
		s.prog.Cells = append(s.prog.Cells, ir.Cell{Name: "atomic section", Lock: true})
		s.prog.Cells = append(s.prog.Cells, make([]ir.Cell, gapCells)...)
		s.atomic = ir.AddrOf(cell)
	}
	return s.atomic
}

// gapCells is the number of cells between two variables that cannot be
// accessed. An index that is wrong by up to so much is noticed.
const gapCells = 16

// maxCells bounds the memory of a program.
const maxCells = 1 << 18

// initialValues is what the cells hold at first.
func (s *space) initialValues() []int64 {
	mem := make([]int64, len(s.prog.Cells))
	for i := range mem {
		mem[i] = s.prog.Cells[i].Init
	}
	return mem
}

// stringAt is the address of a string.
func (s *space) stringAt(e *expr) int64 {
	addr, ok := s.strings[e]
	if !ok {
		t := &ctype{kind: arrayType, size: int64(len(e.name)) + 1, name: "char"}
		for i := range t.size {
			t.leaves = append(t.leaves, leaf{off: i, name: "[" + strconv.FormatInt(i, 10) + "]", t: charType})
		}
		cell := s.object(strconv.Quote(e.name), t)
		for i, b := range []byte(e.name) {
			s.prog.Cells[cell+i].Init = int64(int8(b))
		}
		addr = ir.AddrOf(cell)
		s.strings[e] = addr
	}
	return addr
}

// object makes cells for a variable: one at the address of the first byte of
// each scalar in it. Addresses are in bytes, so that sizeof, offsetof and casts
// have C's values. The other bytes are cells that cannot be accessed.
func (s *space) object(name string, t *ctype) int {
	s.align(8)
	base := len(s.prog.Cells)
	s.grow(t.size + gapCells)
	s.cells(base, name, t)
	return base
}

// grow adds cells that cannot be accessed.
func (s *space) grow(by int64) {
	if len(s.prog.Cells)+int(by) > maxCells {
		fail(graph.Pos{File: s.src.file, Line: 1, Col: 1}, "the program has more than %d bytes of variables", maxCells)
	}
	s.prog.Cells = append(s.prog.Cells, make([]ir.Cell, by)...)
}

func (s *space) cells(base int, name string, t *ctype) {
	for _, f := range t.leaves {
		s.prog.Cells[base+int(f.off)] = ir.Cell{Name: name + f.name, Lock: f.lock, Class: s.class(f.key), Type: s.number(f.t), Size: uint8(f.t.size)}
	}
}

// align makes the next address a multiple of n, which is a power of two.
func (s *space) align(n int) {
	for len(s.prog.Cells)%n != 0 {
		s.prog.Cells = append(s.prog.Cells, ir.Cell{})
	}
}

// hidden makes a cell for each thread.
func (s *space) hidden(name string, threads int) int64 {
	base := len(s.prog.Cells)
	for k := range threads {
		s.prog.Cells = append(s.prog.Cells, ir.Cell{Name: name + "(" + strconv.Itoa(k) + ")", Hidden: true})
	}
	s.prog.Cells = append(s.prog.Cells, make([]ir.Cell, gapCells)...)
	return ir.AddrOf(base)
}

func (s *space) hiddenCell(name string) int64 {
	s.align(8)
	cell := len(s.prog.Cells)
	s.grow(8 + gapCells)
	s.prog.Cells[cell] = ir.Cell{Name: name, Hidden: true}
	return ir.AddrOf(cell)
}
