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

func (m *marks) add(x *Explorer, t *thread) {
	now := t.clock[t.id]
	switch {
	case m.many:
		m.all[t.id] = now
	case m.at <= t.clock[m.thread]:
		m.thread, m.at = t.id, now
	default:
		m.many = true
		m.all = x.zeroClock(m.all)
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
	cellBytes = 8
	pageBytes = 128
	pageCells = pageBytes / cellBytes
)

// A page has the shadows of a piece of memory: the index of the first shadow of
// each cell.
type page [pageCells]int32

var emptyPage = func() (p page) {
	for i := range p {
		p[i] = nothing
	}
	return p
}()

// shadows has the shadows of an execution. It also keeps the memory alive, so
// that none is freed and reused for another variable before the execution ends.
type shadows struct {
	at     []pageSlot // a hash table with open addressing
	taken  []int32    // the used slots of at, one for each page
	pages  []*page
	recent [4]pageSlot // by their addresses
	list   []shadow
	n      int
	alive  []unsafe.Pointer
}

// A pageSlot is an address with its page.
type pageSlot struct {
	base uintptr
	page *page // nil: the slot is free
}

func (s *shadows) reset() {
	for _, i := range s.taken {
		s.at[i].page = nil
	}
	clear(s.alive)
	s.taken, s.n, s.recent, s.alive = s.taken[:0], 0, [4]pageSlot{}, s.alive[:0]
}

// page is the page of address a.
func (s *shadows) page(a uintptr) *page {
	base := a &^ (pageBytes - 1)
	r := &s.recent[base/pageBytes%uintptr(len(s.recent))]
	if r.page == nil || r.base != base {
		*r = pageSlot{base, s.findPage(base)}
	}
	return r.page
}

func (s *shadows) findPage(base uintptr) *page {
	if 2*len(s.taken) >= len(s.at) {
		s.growPages()
	}
	i := s.slot(base)
	if s.at[i].page == nil {
		s.at[i] = pageSlot{base, s.newPage()}
		s.taken = append(s.taken, int32(i))
	}
	return s.at[i].page
}

// slot is the slot of a page, or the free slot for it.
func (s *shadows) slot(base uintptr) int {
	mask := len(s.at) - 1
	i := int(uint64(base)*0x9e3779b97f4a7c15>>32) & mask
	for s.at[i].page != nil && s.at[i].base != base {
		i = (i + 1) & mask
	}
	return i
}

func (s *shadows) growPages() {
	old := s.at
	s.at = make([]pageSlot, max(64, 2*len(old)))
	for k, i := range s.taken {
		j := s.slot(old[i].base)
		s.at[j], s.taken[k] = old[i], int32(j)
	}
}

func (s *shadows) newPage() *page {
	n := len(s.taken)
	if n == len(s.pages) {
		s.pages = append(s.pages, new(page))
	}
	*s.pages[n] = emptyPage
	return s.pages[n]
}

// A piece is bytes of one cell.
type piece struct {
	head *int32 // the first shadow of the cell
	at   uintptr
	mask uint8
}

// next returns the first piece of the range from lo to hi, and the beginning of
// the rest.
func (s *shadows) next(lo, hi uintptr) (piece, uintptr) {
	end := min(hi, lo&^(cellBytes-1)+cellBytes)
	mask := uint8(1<<(end-lo)-1) << (lo % cellBytes)
	return piece{&s.page(lo)[lo%pageBytes/cellBytes], lo &^ (cellBytes - 1), mask}, end
}

// single is the shadow of exactly the bytes from lo to hi, if there is one.
func (s *shadows) single(lo, hi uintptr) int32 {
	if hi-lo > cellBytes || lo/cellBytes != (hi-1)/cellBytes {
		return nothing
	}
	i := s.page(lo)[lo%pageBytes/cellBytes]
	if i == nothing || s.list[i].mask != uint8(1<<(hi-lo)-1)<<(lo%cellBytes) {
		return nothing
	}
	return i
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
		i := s.new()
		r := &s.list[i]
		*r = shadow{mask: left, next: *p.head, obj: noObj, readers: marks{all: r.readers.all}}
		*p.head = i
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

func (s *shadows) new() int32 {
	if s.n == len(s.list) {
		s.list = append(s.list, shadow{})
	}
	s.n++
	return int32(s.n - 1)
}
