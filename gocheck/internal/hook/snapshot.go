package hook

import (
	"cmp"
	"slices"
	"unsafe"

	"crosscall/gocheck/internal/sched"
)

// A snapshot is what package variables hold once the packages are initialized, with
// all of the heap that they lead to. To put it back costs a copy; to initialize the
// packages again costs what their authors like, in each execution.
//
// Claim: an execution that begins with the snapshot is one that begins with the
// initialization, but for the steps of this. Proof: the program gets at memory by its
// variables and by what the standard library holds alone; the former is as it was, and
// the latter is put back neither way. What is known of an object to the explorer
// alone (a lock that is held, a goroutine) is not in memory: if there is any such
// thing, no snapshot is taken (see sched.Explorer.Untouched).
type snapshot struct {
	of        uint64 // the seed of its random numbers
	any       bool   // it has drawn none
	random    uint64 // their state behind it
	maxProcs  int
	variables []byte
	objects   []unsafe.Pointer // in the order of their addresses; held by this
	pieces    []heapPiece
	heap      []byte
}

// A heapPiece is memory of objects side by side, as package runtime has it.
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

// fits says whether executions with random numbers of this seed begin with s.
func (s *snapshot) fits(seed uint64) bool { return s != nil && (s.any || s.of == seed) }

func (s *snapshot) restore() {
	restore(state.spans, s.variables)
	restoreHeap(s.pieces, s.heap)
}

// resume has random numbers and GOMAXPROCS as they were behind the initialization.
func (s *snapshot) resume() {
	if !s.any {
		seed(s.random)
	}
	procs(s.maxProcs)
}

// takeSnapshot is nil if what is known of the program is not in its memory alone.
func takeSnapshot(x *sched.Explorer, of, before uint64) *snapshot {
	if !x.Untouched() {
		return nil
	}
	closeTiny()
	s := &snapshot{of: of, any: drawn() == before, random: drawn(), maxProcs: procs(0)}
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

// reach finds the objects that variables lead to. Those of the runtime's own, such as
// a goroutine, must not be put back.
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
