package bench

import (
	"container/heap"
	"slices"
	"sync"
	"testing"
	"time"
)

// tally counts operations and their arguments; the result is a function of the
// argument.
type tally struct {
	sync.Mutex
	ops, args uint64
}

func (c *tally) do(arg uint64) uint64 {
	c.ops++
	c.args += arg
	return arg + 1
}

func (c *tally) doAll(ops []uint64) {
	for i, arg := range ops {
		ops[i] = c.do(arg)
	}
}

func (c *tally) lockForEach(ops []uint64) {
	for i := range ops {
		c.Lock()
		c.doAll(ops[i : i+1])
		c.Unlock()
	}
}

// sumOfArgs is the sum of the arguments of n operations of one side.
func sumOfArgs(side, n int) (sum uint64) {
	for i := range n {
		sum += uint64(zipfDraws()[side][i%hotDraws])
	}
	return sum
}

// Each performer performs every operation of both sides once, and each side
// gets the results of its own.
func TestHotStatesGetEveryOperation(t *testing.T) {
	s := newSite(usable(t))
	if err := s.lacks(twoCPUs); err != nil {
		t.Skip(err)
	}
	type performing interface {
		probe
		operations(n int) (time.Duration, error)
	}
	state := new(tally)
	newState := func() hot { return state }
	for name, test := range map[string]struct {
		open func(*site) (probe, error)
		sums func(probe) [2]uint64
	}{
		"posts":        {openOwned(newState, byPosts), func(p probe) [2]uint64 { return p.(*owned).sums }},
		"single calls": {openOwned(newState, bySingleCalls), func(p probe) [2]uint64 { return p.(*owned).sums }},
		"mutex":        {openLocked(newState), func(p probe) [2]uint64 { return p.(*locked).sums }},
		"mutex, batch": {openLockedBatch(newState), func(p probe) [2]uint64 { return p.(*locked).sums }},
	} {
		p, err := test.open(s)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range []int{1, batchSize + 1, 3000, 2 * batchSize * (postedBatches + 1)} {
			state.ops, state.args = 0, 0
			if _, err := p.(performing).operations(n); err != nil {
				t.Fatal(err)
			}
			share := halves(n)
			args := [2]uint64{sumOfArgs(0, share[0]), sumOfArgs(1, share[1])}
			if state.ops != uint64(n) || state.args != args[0]+args[1] {
				t.Errorf("%s: performed %d of %d operations, arguments %d of %d", name, state.ops, n, state.args, args[0]+args[1])
			}
			want := [2]uint64{args[0] + uint64(share[0]), args[1] + uint64(share[1])}
			if sums := test.sums(p); sums != want {
				t.Errorf("%s: results sum up to %v, want %v", name, sums, want)
			}
		}
		p.close()
	}
}

// An owner that has gone offline ends a sample by an error.
func TestOwnedWithoutItsOwner(t *testing.T) {
	s := newSite(usable(t))
	if err := s.lacks(twoCPUs); err != nil {
		t.Skip(err)
	}
	p, err := openOwned(newHotCounter, byPosts)(s)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	if err := p.(*owned).sys.Offline(t.Context(), s.target); err != nil {
		t.Fatal(err)
	}
	if _, err := p.sample(t.Context(), 100); err == nil {
		t.Error("a sample without an owner")
	}
}

// draws are arguments as a sample has them.
func draws() []uint16 { return zipfDraws()[0][:] }

func TestDrawsAreHot(t *testing.T) {
	uses := make(map[uint64]int)
	sets := 0
	for _, arg := range draws() {
		uses[uint64(arg)%hotKeys]++
		if uint64(arg) < hotSets {
			sets++
		}
	}
	if uses[0] < hotDraws/20 || len(uses) < 100 {
		t.Errorf("key 0 %d times of %d, %d keys", uses[0], hotDraws, len(uses))
	}
	if sets < hotDraws/20 || sets > hotDraws/5 {
		t.Errorf("%d sets of %d operations", sets, hotDraws)
	}
}

func TestHotMapIsAMap(t *testing.T) {
	m := newHotMap()
	var twin [hotKeys]uint64
	for key := range twin {
		twin[key] = uint64(key)
	}
	for _, d := range draws() {
		arg := uint64(d)
		if arg < hotSets {
			twin[arg] = arg
		}
		if got := m.do(arg); got != twin[arg%hotKeys] {
			t.Fatalf("%d: %d, want %d", arg, got, twin[arg%hotKeys])
		}
	}
}

// The twin of the heap is a list that is sorted before each pop.
func TestHotHeapPopsTheFirst(t *testing.T) {
	h := newHotHeap().(*hotHeap)
	twin := make([]uint64, hotTasks)
	for i := range twin {
		twin[i] = uint64(i)
	}
	for i, d := range draws()[:1000] {
		got := h.do(uint64(d))
		if i%2 == 0 {
			slices.Sort(twin)
			if got != twin[0] {
				t.Fatalf("operation %d popped %d, want %d", i, got, twin[0])
			}
		} else if twin[0] += uint64(d) + 1; got != twin[0] {
			t.Fatalf("operation %d pushed %d, want %d", i, got, twin[0])
		}
	}
	if heap.Init(&h.tasks); h.tasks.Len() != hotTasks {
		t.Errorf("%d tasks", h.tasks.Len())
	}
}

// The twin of the LRU is a list of keys by their last use.
func TestHotLRUDropsTheOldest(t *testing.T) {
	l := newHotLRU().(*hotLRU)
	var twin []uint64
	for key := range uint64(lruCapacity) {
		twin = slices.Insert(twin, 0, key)
	}
	var misses uint64
	for _, d := range draws() {
		key := uint64(d) % hotKeys
		if got := l.do(uint64(d)); got != key {
			t.Fatalf("key %d: value %d", key, got)
		}
		at := slices.Index(twin, key)
		if at < 0 {
			misses++
			at = len(twin) - 1
		}
		twin = slices.Insert(slices.Delete(twin, at, at+1), 0, key)
	}
	if l.misses != misses || misses == 0 {
		t.Errorf("%d misses, want %d", l.misses, misses)
	}
	if len(l.entries) != lruCapacity || l.order.Len() != lruCapacity {
		t.Errorf("%d keys, %d in order", len(l.entries), l.order.Len())
	}
}
