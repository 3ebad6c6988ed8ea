package sched

import "unsafe"

// A shadow has the accesses to some bytes of memory that have been accessed alike:
// which goroutine wrote them last and which have read them since, with the times
// by their own clocks. FastTrack (Flanagan, Freund, PLDI 2009) calls these epochs.
type shadow struct {
	mask    uint8 // bytes of the cell
	next    int32 // another shadow of the cell
	obj     int32 // the object whose operations access these bytes atomically, or noObj
	writer  int32
	wrote   uint32 // 0: never
	version uint32
	readers marks
}

// marks are accesses by the clocks of their goroutines: one that comes after all
// others, or the last access of each goroutine.
type marks struct {
	thread int32
	at     uint32 // 0: none
	many   bool
	all    []uint32
}

func (m *marks) clear() { m.at, m.many = 0, false }

func (m *marks) add(exec *execution, t *thread) {
	now := t.clock[t.id]
	switch {
	case m.many:
		m.all[t.id] = now
	case m.at <= t.clock[m.thread]:
		m.thread, m.at = t.id, now
	default:
		m.many = true
		m.all = exec.zeroClock(m.all)
		m.all[m.thread], m.all[t.id] = m.at, now
	}
}

// unseen is a goroutine with an access that does not happen before clock, or
// nothing.
func (m *marks) unseen(clock []uint32) int32 {
	if m.many {
		return unseen(m.all, clock)
	}
	if m.at > clock[m.thread] {
		return m.thread
	}
	return nothing
}

func unseen(all, clock []uint32) int32 {
	for u, at := range all {
		if at > clock[u] {
			return int32(u)
		}
	}
	return nothing
}

const (
	cellBytes  = 8
	groupCells = 4
	groupBytes = groupCells * cellBytes
)

// shadows has the shadows of an execution. It also keeps the memory alive, so
// that none is freed and reused for another variable before the execution ends.
type shadows struct {
	cells []cell // a hash table with open addressing, whose length is a power of two
	run   uint32 // entries of other executions are free
	used  int
	list  []shadow
	n     int
	alive []unsafe.Pointer
}

// A cell is the shadows of a word of memory.
type cell struct {
	at   uintptr // its address
	head int32   // its first shadow, or nothing
	run  uint32
}

const firstCells = 512

func (s *shadows) reset() {
	if s.cells == nil {
		s.cells = make([]cell, firstCells)
	}
	if s.run++; s.run == 0 {
		clear(s.cells)
		s.run = 1
	}
	clear(s.alive)
	s.used, s.n, s.alive = 0, 0, s.alive[:0]
}

// place is where the search for a cell begins. Cells that are beside each other in memory
// have places beside each other, in groups that are as large as a line of the cache.
func (s *shadows) place(at uintptr) uint {
	group := uint(uint64(at/groupBytes) * 0x9e3779b97f4a7c15 >> 32)
	return (group*groupCells + uint(at/cellBytes%groupCells)) & uint(len(s.cells)-1)
}

// slot is the entry of the cell at this address, or the free one for it.
func (s *shadows) slot(at uintptr) *cell {
	for i := s.place(at); ; i = (i + 1) & uint(len(s.cells)-1) {
		if c := &s.cells[i]; c.run != s.run || c.at == at {
			return c
		}
	}
}

// cell is the cell at this address.
func (s *shadows) cell(at uintptr) *cell {
	if c := &s.cells[s.place(at)]; c.at == at && c.run == s.run {
		return c
	}
	return s.find(at)
}

// peek is the first shadow of the cell at this address, or nothing.
func (s *shadows) peek(at uintptr) int32 {
	if c := s.slot(at); c.run == s.run {
		return c.head
	}
	return nothing
}

func (s *shadows) find(at uintptr) *cell {
	if 2*s.used >= len(s.cells) {
		s.grow()
	}
	c := s.slot(at)
	if c.run != s.run {
		*c = cell{at, nothing, s.run}
		s.used++
	}
	return c
}

func (s *shadows) grow() {
	old := s.cells
	s.cells = make([]cell, 2*len(old))
	for _, c := range old {
		if c.run == s.run {
			*s.slot(c.at) = c
		}
	}
}

// A piece is bytes of one cell.
type piece struct {
	head *int32 // the first shadow of the cell
	at   uintptr
	mask uint8
}

// maskOf is the bytes from lo to hi of a cell.
func maskOf(lo, hi uintptr) uint8 { return uint8(1<<(hi-lo)-1) << (lo % cellBytes) }

// next returns the first piece of the range from lo to hi, and the beginning of
// the rest.
func (s *shadows) next(lo, hi uintptr) (piece, uintptr) {
	at := lo &^ (cellBytes - 1)
	end := min(hi, at+cellBytes)
	return piece{&s.cell(at).head, at, maskOf(lo, end)}, end
}

// single is the shadow of exactly the bytes from lo to hi, which are of one cell. It is
// new if the cell has none. If the cell has others, it is nothing.
func (s *shadows) single(lo, hi uintptr) int32 {
	c, mask := s.cell(lo&^(cellBytes-1)), maskOf(lo, hi)
	switch {
	case c.head == nothing:
		c.head = s.add(mask, nothing)
	case s.list[c.head].mask != mask:
		return nothing
	}
	return c.head
}

// cover makes shadows for exactly p: each shadow of the cell is then within p
// or outside of it, and each byte of p has one.
func (s *shadows) cover(p piece) {
	left := p.mask
	for i := *p.head; i != nothing; i = s.list[i].next {
		m := s.list[i].mask
		if m&p.mask != 0 && m&^p.mask != 0 {
			s.list[i].mask = m & p.mask
			s.split(i, m&^p.mask)
		}
		left &^= m
	}
	if left != 0 {
		*p.head = s.add(left, *p.head)
	}
}

// split adds a copy of shadow i, for other bytes.
func (s *shadows) split(i int32, mask uint8) {
	j := s.new()
	a, b := &s.list[i], &s.list[j]
	all := append(b.readers.all[:0], a.readers.all...)
	*b = *a
	b.mask, b.readers.all = mask, all
	a.next = j
}

// add makes a shadow without accesses, before the shadow next of its cell.
func (s *shadows) add(mask uint8, next int32) int32 {
	i := s.new()
	r := &s.list[i]
	r.mask, r.next, r.obj = mask, next, noObj
	r.writer, r.wrote, r.version = 0, 0, 0
	r.readers.thread = 0
	r.readers.clear()
	return i
}

func (s *shadows) new() int32 {
	if s.n == len(s.list) {
		s.list = append(s.list, shadow{})
	}
	s.n++
	return int32(s.n - 1)
}
