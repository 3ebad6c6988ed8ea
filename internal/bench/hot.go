package bench

import (
	"container/heap"
	"container/list"
	"math/rand/v2"
	"sync"
)

// hotState is a small state that every operation of a program uses. It can be
// owned by one CPU or protected by a mutex.
type hotState interface {
	// do performs an operation and returns its result.
	do(arg uint64) uint64
}

// hot is a state with its mutex, as seen by those who perform operations on it.
type hot interface {
	do(arg uint64) uint64
	doAll(ops []uint64)        // without the mutex: by the owner
	lockForEach(ops []uint64)  // with the mutex locked for each operation
	lockForBatch(ops []uint64) // with the mutex locked once
}

// guarded has the mutex beside the state, as programs have it: where the state is
// a counter, both are in one cache line.
type guarded[S any, P interface {
	*S
	hotState
}] struct {
	_     [128]byte
	mu    sync.Mutex
	state S
	_     [128]byte
}

func (g *guarded[S, P]) do(arg uint64) uint64 { return P(&g.state).do(arg) }

func (g *guarded[S, P]) doAll(ops []uint64) {
	for i, arg := range ops {
		ops[i] = P(&g.state).do(arg)
	}
}

func (g *guarded[S, P]) lockForEach(ops []uint64) {
	for i, arg := range ops {
		g.mu.Lock()
		ops[i] = P(&g.state).do(arg)
		g.mu.Unlock()
	}
}

func (g *guarded[S, P]) lockForBatch(ops []uint64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.doAll(ops)
}

// The arguments of operations have keys under a Zipf distribution: of few keys most
// are asked for often. They are drawn beforehand, because drawing one takes longer
// than most operations.
const (
	hotKeys  = 4096
	hotDraws = 4096
	hotSets  = hotKeys // an argument below it, one in ten, is to set a value
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
type hotCounter struct{ n uint64 }

func newHotCounter() hot { return new(guarded[hotCounter, *hotCounter]) }

func (c *hotCounter) do(arg uint64) uint64 {
	c.n += arg
	return c.n
}

// hotMap is a map of numbers. One operation in ten sets the value of its key, the
// others get it.
type hotMap struct{ values map[uint64]uint64 }

func newHotMap() hot {
	m := hotMap{make(map[uint64]uint64, hotKeys)}
	for key := range uint64(hotKeys) {
		m.values[key] = key
	}
	return &guarded[hotMap, *hotMap]{state: m}
}

func (m *hotMap) do(arg uint64) uint64 {
	key := arg % hotKeys
	if arg < hotSets {
		m.values[key] = arg
		return arg
	}
	return m.values[key]
}

// hotHeap is a queue of tasks by the time at which they are due. One operation
// pops the first, the next one pushes it again, due later by its argument.
type hotHeap struct {
	tasks  taskHeap
	popped *task
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
	var h hotHeap
	for i := range uint64(hotTasks) {
		heap.Push(&h.tasks, &task{i})
	}
	return &guarded[hotHeap, *hotHeap]{state: h}
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

// hotLRU is a cache that drops the key that was not used for the longest time. An
// operation gets a key, and puts it if it is not there.
type hotLRU struct {
	entries map[uint64]*list.Element
	order   *list.List // of *lruEntry, the last used first
	misses  uint64
}

const lruCapacity = 1024

type lruEntry struct{ key, value uint64 }

func newHotLRU() hot {
	l := hotLRU{entries: make(map[uint64]*list.Element, lruCapacity+1), order: list.New()}
	for key := range uint64(lruCapacity) {
		l.entries[key] = l.order.PushFront(&lruEntry{key, key})
	}
	return &guarded[hotLRU, *hotLRU]{state: l}
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
