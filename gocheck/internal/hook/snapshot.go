package hook

import (
	"cmp"
	"slices"
	"unsafe"

	"crosscall/gocheck/internal/sched"
)

// A snapshot is the values of package variables after the packages are initialized,
// with the part of the heap that they lead to. Restoring it costs a copy. Without
// it, the packages would be initialized again in each execution, at any cost.
//
// Claim: an execution that begins with the snapshot is like one that begins with the
// initialization, without the steps of the latter. Proof: the program reaches memory
// only by its variables and by the state of the standard library. The variables are as
// they were, and the state of the library is not restored in either case. Some state
// of objects is in the explorer and not in memory (a lock that is held, a goroutine):
// if there is any, no snapshot is taken (see sched.Explorer.Untouched).
type snapshot struct {
	of        uint64 // the seed of its random numbers
	any       bool   // it has drawn none
	random    uint64 // their state after it
	maxProcs  int
	stamp     int64 // the highest of the times that it has read
	variables []byte
	objects   []unsafe.Pointer // in the order of their addresses; kept alive by this
	pieces    []heapPiece
	heap      []byte
}

// A heapPiece is the memory of adjacent objects, as in package runtime.
type heapPiece struct {
	from, to uintptr
	objects  []unsafe.Pointer // those with pointers
}

// mostHeap is how many bytes a snapshot may have.
const mostHeap = 1 << 29

//go:linkname object
func object(p unsafe.Pointer) (base unsafe.Pointer, size uintptr, pointers bool)

//go:linkname pointersIn
func pointersIn(base unsafe.Pointer, list []unsafe.Pointer) []unsafe.Pointer

//go:linkname variablePointers
func variablePointers(s span, f func(p *unsafe.Pointer))

//go:linkname ofRuntime
func ofRuntime(f func(p unsafe.Pointer))

//go:linkname restoreHeap
func restoreHeap(pieces []heapPiece, heap []byte)

//go:linkname closeTiny
func closeTiny()

//go:linkname procs
func procs(n int) int

//go:linkname coroutines
func coroutines() uint64

// fits reports whether executions with random numbers of this seed begin with s.
func (s *snapshot) fits(seed uint64) bool { return s != nil && (s.any || s.of == seed) }

func (s *snapshot) restore() {
	restore(state.spans, s.variables)
	restoreHeap(s.pieces, s.heap)
}

// resume sets random numbers and GOMAXPROCS to their state after the initialization.
func (s *snapshot) resume() {
	if !s.any {
		seed(s.random)
	}
	procs(s.maxProcs)
	s.continueTime()
}

func (s *snapshot) continueTime() {
	if x := sched.Active(); x != nil {
		x.ContinueFrom(s.stamp)
	}
}

// takeSnapshot returns nil if some state of the program is not in its memory.
func takeSnapshot(x *sched.Explorer, of, before uint64) *snapshot {
	if !x.Untouched() {
		return nil
	}
	closeTiny()
	s := &snapshot{of: of, any: drawn() == before, random: drawn(), maxProcs: procs(0), stamp: x.Stamp()}
	sizes, ok := s.reach()
	if !ok {
		return nil
	}
	s.variables = save(state.spans)
	s.copyHeap(sizes)
	return s
}

// A known object, by its address.
type known struct {
	size     uintptr
	pointers bool
}

// reach finds the objects that variables lead to. Objects of the runtime itself, such
// as a goroutine, must not be restored.
func (s *snapshot) reach() (found map[unsafe.Pointer]known, ok bool) {
	found = map[unsafe.Pointer]known{}
	own := map[unsafe.Pointer]bool{}
	ofRuntime(func(p unsafe.Pointer) { own[p] = true })
	var todo []unsafe.Pointer
	for _, v := range state.spans {
		variablePointers(v, func(p *unsafe.Pointer) { todo = append(todo, *p) })
	}
	total := uintptr(0)
	for len(todo) > 0 {
		p := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		base, size, pointers := object(p)
		if base == nil {
			continue
		}
		if _, there := found[base]; there {
			continue
		}
		if total += size; total > mostHeap || own[base] {
			return nil, false
		}
		found[base] = known{size, pointers}
		s.objects = append(s.objects, base)
		if pointers {
			todo = pointersIn(base, todo)
		}
	}
	return found, true
}

func (s *snapshot) copyHeap(sizes map[unsafe.Pointer]known) {
	slices.SortFunc(s.objects, func(a, b unsafe.Pointer) int { return cmp.Compare(uintptr(a), uintptr(b)) })
	for _, p := range s.objects {
		at, o := uintptr(p), sizes[p]
		if n := len(s.pieces); n == 0 || s.pieces[n-1].to != at {
			s.pieces = append(s.pieces, heapPiece{from: at, to: at})
		}
		last := &s.pieces[len(s.pieces)-1]
		last.to += o.size
		if o.pointers {
			last.objects = append(last.objects, p)
		}
		s.heap = append(s.heap, unsafe.Slice((*byte)(p), o.size)...)
	}
}
