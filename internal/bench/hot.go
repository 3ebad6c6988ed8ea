package bench

import (
	"container/heap"
	"container/list"
	"math/rand/v2"
	"sync"
)

// A hot is a small state that every operation of a program uses, with a mutex
// beside it, as in real programs: if the state is a counter, both are in one
// cache line. Each state has loops of its own, because a shared loop would call
// each operation by a pointer, which takes longer than a short operation.
type hot interface {
	sync.Locker
	do(arg uint64) uint64     // an operation, without the mutex: by the owner
	doAll(ops []uint64)       // performs operations, and replaces their arguments by the results
	lockForEach(ops []uint64) // the same, with the mutex locked for each operation
}

// lockForBatch locks the mutex of h once for all operations.
func lockForBatch(h hot) func(ops []uint64) {
	return func(ops []uint64) {
		h.Lock()
		defer h.Unlock()
		h.doAll(ops)
	}
}

// ownLines keeps a state away from the cache lines of others.
type ownLines struct{ _ [128]byte }

// The arguments of operations have keys under a Zipf distribution: few keys are
// used often. They are drawn beforehand, because drawing one takes longer than most
// operations.
const (
	hotKeys  = 4096
	hotDraws = 4096
	hotSets  = hotKeys // an argument below this, one in ten, sets a value
)

var zipfDraws = sync.OnceValue(func() *[2][hotDraws]uint16 {
	draws := new([2][hotDraws]uint16)
	random := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(random, 1.1, 1, hotKeys-1)
	for side := range draws {
		for i := range draws[side] {
			key := zipf.Uint64()
			if random.IntN(10) > 0 {
				key += hotSets
			}
			draws[side][i] = uint16(key)
		}
	}
	return draws
})

// hotCounter is one number.
type hotCounter struct {
	_ ownLines
	sync.Mutex
	n uint64
	_ ownLines
}

func newHotCounter() hot { return new(hotCounter) }

func (c *hotCounter) do(arg uint64) uint64 {
	c.n += arg
	return c.n
}

func (c *hotCounter) doAll(ops []uint64) {
	for i, arg := range ops {
		ops[i] = c.do(arg)
	}
}

func (c *hotCounter) lockForEach(ops []uint64) {
	for i, arg := range ops {
		c.Lock()
		ops[i] = c.do(arg)
		c.Unlock()
	}
}

// hotMap is a map of numbers. One operation in ten sets the value of its key, the
// others get it.
type hotMap struct {
	_ ownLines
	sync.Mutex
	values map[uint64]uint64
	_      ownLines
}

func newHotMap() hot {
	m := &hotMap{values: make(map[uint64]uint64, hotKeys)}
	for key := range uint64(hotKeys) {
		m.values[key] = key
	}
	return m
}

func (m *hotMap) do(arg uint64) uint64 {
	key := arg % hotKeys
	if arg < hotSets {
		m.values[key] = arg
		return arg
	}
	return m.values[key]
}

func (m *hotMap) doAll(ops []uint64) {
	for i, arg := range ops {
		ops[i] = m.do(arg)
	}
}

func (m *hotMap) lockForEach(ops []uint64) {
	for i, arg := range ops {
		m.Lock()
		ops[i] = m.do(arg)
		m.Unlock()
	}
}

// hotHeap is a queue of tasks by the time at which they are due. One operation
// pops the first, the next one pushes it again, due later by its argument.
type hotHeap struct {
	_ ownLines
	sync.Mutex
	tasks  taskHeap
	popped *task
	_      ownLines
}

const hotTasks = 1024

type task struct{ due uint64 }

// taskHeap implements heap.Interface.
type taskHeap []*task

func (h taskHeap) Len() int           { return len(h) }
func (h taskHeap) Less(i, j int) bool { return h[i].due < h[j].due }
func (h taskHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *taskHeap) Push(x any)        { *h = append(*h, x.(*task)) }

func (h *taskHeap) Pop() any {
	last := len(*h) - 1
	t := (*h)[last]
	*h = (*h)[:last]
	return t
}

func newHotHeap() hot {
	h := new(hotHeap)
	for i := range uint64(hotTasks) {
		heap.Push(&h.tasks, &task{i})
	}
	return h
}

func (h *hotHeap) do(delay uint64) uint64 {
	t := h.popped
	if t == nil {
		t = heap.Pop(&h.tasks).(*task)
		h.popped = t
		return t.due
	}
	h.popped = nil
	t.due += delay + 1
	heap.Push(&h.tasks, t)
	return t.due
}

func (h *hotHeap) doAll(ops []uint64) {
	for i, arg := range ops {
		ops[i] = h.do(arg)
	}
}

func (h *hotHeap) lockForEach(ops []uint64) {
	for i, arg := range ops {
		h.Lock()
		ops[i] = h.do(arg)
		h.Unlock()
	}
}

// hotLRU is a cache that drops the least recently used key. An operation gets a
// key, and adds it if it is not there.
type hotLRU struct {
	_ ownLines
	sync.Mutex
	entries map[uint64]*list.Element
	order   *list.List // of *lruEntry, the last used first
	misses  uint64
	_       ownLines
}

const lruCapacity = 1024

type lruEntry struct{ key, value uint64 }

func newHotLRU() hot {
	l := &hotLRU{entries: make(map[uint64]*list.Element, lruCapacity+1), order: list.New()}
	for key := range uint64(lruCapacity) {
		l.entries[key] = l.order.PushFront(&lruEntry{key, key})
	}
	return l
}

func (l *hotLRU) do(arg uint64) uint64 {
	key := arg % hotKeys
	e, ok := l.entries[key]
	if !ok {
		l.misses++
		e = l.order.Back() // of the key that is dropped
		delete(l.entries, e.Value.(*lruEntry).key)
		*e.Value.(*lruEntry) = lruEntry{key, key}
		l.entries[key] = e
	}
	l.order.MoveToFront(e)
	return e.Value.(*lruEntry).value
}

func (l *hotLRU) doAll(ops []uint64) {
	for i, arg := range ops {
		ops[i] = l.do(arg)
	}
}

func (l *hotLRU) lockForEach(ops []uint64) {
	for i, arg := range ops {
		l.Lock()
		ops[i] = l.do(arg)
		l.Unlock()
	}
}
