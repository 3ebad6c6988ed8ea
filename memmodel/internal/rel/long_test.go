package rel_test

import (
	"slices"
	"testing"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/rel"

	"pgregory.net/rapid"
)

// A stretched judge has two machines of one model. The second one has the same structure with fences
// that do nothing between the events, so that a row has several words.
type stretched struct {
	t           *rapid.T
	short, long *rel.Machine
	at          []int // by event: its index in the long structure
}

// between is how many fences come before each event.
const between = 30

func (j *stretched) Load(s *rel.Structure) bool {
	long := &rel.Structure{Finals: s.Finals}
	j.at = j.at[:0]
	for _, e := range s.Events {
		for range between {
			if e.Thread != graph.InitThread {
				long.Events = append(long.Events, &graph.Event{Thread: e.Thread, Kind: graph.Fence, Loc: graph.NoLoc})
			}
		}
		j.at = append(j.at, len(long.Events))
		long.Events = append(long.Events, e)
	}
	for _, x := range []struct{ to, from *[]graph.Edge }{
		{&long.Addr, &s.Addr}, {&long.Data, &s.Data}, {&long.Ctrl, &s.Ctrl}, {&long.RMW, &s.RMW}, {&long.LockRM, &s.LockRM},
	} {
		for _, e := range *x.from {
			*x.to = append(*x.to, graph.Edge{From: j.at[e.From], To: j.at[e.To]})
		}
	}
	return j.same(j.short.Load(s), j.long.Load(long))
}

func (j *stretched) same(short, long bool) bool {
	j.t.Helper()
	if short != long {
		j.t.Fatalf("short: %v, long: %v", short, long)
	}
	return short
}

func (j *stretched) Push() { j.short.Push(); j.long.Push() }
func (j *stretched) Pop()  { j.short.Pop(); j.long.Pop() }

func (j *stretched) ReadFrom(w, r int) {
	j.short.ReadFrom(w, r)
	j.long.ReadFrom(j.at[w], j.at[r])
}

func (j *stretched) Order(a, b int) {
	j.short.Order(a, b)
	j.long.Order(j.at[a], j.at[b])
}

func (j *stretched) Settle() bool { return j.same(j.short.Settle(), j.long.Settle()) }

func (j *stretched) Complete() bool {
	ok := j.same(j.short.Complete(), j.long.Complete())
	if ok {
		j.same(true, slices.Equal(j.short.Flags(), j.long.Flags()))
	}
	return ok
}

// atomics are the statements of random programs in C11.
var atomics = []string{
	"atomic_store_explicit(V, 1, memory_order_relaxed);", "atomic_store_explicit(V, 1, memory_order_release);",
	"atomic_store_explicit(V, 1, memory_order_seq_cst);", "R = atomic_load_explicit(V, memory_order_relaxed);",
	"R = atomic_load_explicit(V, memory_order_acquire);", "R = atomic_load_explicit(V, memory_order_seq_cst);",
	"R = atomic_exchange_explicit(V, 1, memory_order_acq_rel);", "R = atomic_exchange_explicit(V, 1, memory_order_relaxed);",
	"atomic_thread_fence(memory_order_acquire);", "atomic_thread_fence(memory_order_release);",
	"atomic_thread_fence(memory_order_seq_cst);", "*V = 1;", "R = *V;",
}

// TestStretched compares the verdicts on short structures, which have a way of their own through
// everything here, with those on long ones, in explorations of random programs.
func TestStretched(t *testing.T) {
	for name, list := range map[string][]string{"lkmm": statements["lkmm"], "x86-tso": statements["x86-tso"], "rc11": atomics, "c11": atomics} {
		m, err := model.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		short, long := compiled(t, m).(*rel.Machine), compiled(t, m).(*rel.Machine)
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				s := randomSample(t, list).structure(t, m)
				executions(s, &stretched{t: t, short: short, long: long})
			})
		})
	}
}
