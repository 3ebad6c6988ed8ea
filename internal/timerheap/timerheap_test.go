package timerheap

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// entry is a node as the model has it: in the order of time, then of adding.
type entry struct {
	when int64
	seq  int
	node *Node[int]
}

func TestHeapIsASortedList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var h Heap[int]
		var model []entry
		seq := 0
		nodes := make([]*Node[int], 40)
		for i := range nodes {
			nodes[i] = &Node[int]{Value: i}
		}
		any := rapid.IntRange(0, len(nodes)-1)
		at := func(n *Node[int]) int {
			return slices.IndexFunc(model, func(e entry) bool { return e.node == n })
		}
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				n := nodes[any.Draw(t, "node")]
				if n.Added() {
					t.Skip("it is in")
				}
				when := rapid.Int64Range(-5, 5).Draw(t, "when")
				seq++
				h.Add(n, when)
				model = append(model, entry{when, seq, n})
				slices.SortFunc(model, func(a, b entry) int {
					return cmp.Or(cmp.Compare(a.when, b.when), cmp.Compare(a.seq, b.seq))
				})
			},
			"remove": func(t *rapid.T) {
				n := nodes[any.Draw(t, "node")]
				i := at(n)
				if got := h.Remove(n); got != (i >= 0) {
					t.Fatalf("Remove says %v of node %d, at %d", got, n.Value, i)
				}
				if i >= 0 {
					model = slices.Delete(model, i, i+1)
				}
			},
			"pop": func(t *rapid.T) {
				if len(model) > 0 {
					h.Remove(h.Min())
					model = model[1:]
				}
			},
			"": func(t *rapid.T) {
				if h.Len() != len(model) {
					t.Fatalf("%d nodes, want %d", h.Len(), len(model))
				}
				switch first := h.Min(); {
				case len(model) == 0 && first != nil:
					t.Fatal("empty, and has a first")
				case len(model) > 0 && (first != model[0].node || first.When() != model[0].when):
					t.Fatalf("node %d for %d is first, want %d", first.Value, first.When(), model[0].node.Value)
				}
				for _, n := range nodes {
					if n.Added() != (at(n) >= 0) {
						t.Fatalf("Added says %v of node %d", n.Added(), n.Value)
					}
				}
			},
		})
	})
}

func TestAddTwicePanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a node is in the heap twice")
		}
	}()
	var h Heap[int]
	n := new(Node[int])
	h.Add(n, 1)
	h.Add(n, 2)
}

func BenchmarkAddRemove(b *testing.B) {
	var h Heap[int]
	nodes := make([]Node[int], 1000)
	for i := range nodes {
		h.Add(&nodes[i], int64(i*7919%1000))
	}
	for i := 0; b.Loop(); i++ {
		n := &nodes[i%1000]
		h.Remove(n)
		h.Add(n, int64(i*7919%1000))
	}
}
