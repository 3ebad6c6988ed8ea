package check

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"testing"

	"crosscall/memmodel/internal/ir"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func byNumber(a, b value) int {
	if a.known != b.known {
		if a.known {
			return -1
		}
		return 1
	}
	return cmp.Compare(a.n, b.n)
}

// listed gives all states of s, in order.
func listed(s *stateSet, order func(a, b value) int) (states [][]value) {
	for codes := range s.Sorted(order) {
		var state []value
		for _, c := range codes {
			state = append(state, s.values[c])
		}
		states = append(states, state)
	}
	return states
}

// A set of states is a map, however many values there are.
func TestStatesAreASet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.IntRange(0, 4).Draw(t, "columns")
		spread := rapid.SampledFrom([]int64{2, 100, 1 << 9, 1 << 18, 1 << 62}).Draw(t, "spread")
		number := rapid.Int64Range(-spread/8, spread)
		s, want := newStateSet(columns), map[string][]value{}
		for range rapid.IntRange(0, 600).Draw(t, "rows") {
			state := make([]value, columns)
			for i := range state {
				if rapid.IntRange(0, 20).Draw(t, "known") > 0 {
					state[i] = value{number.Draw(t, "value"), true}
				}
			}
			key := fmt.Sprint(state)
			_, old := want[key]
			if s.Add(state) == old {
				t.Fatalf("Add(%s) = %t", key, old)
			}
			want[key] = state
		}
		if s.Len() != len(want) {
			t.Fatalf("%d states, want %d", s.Len(), len(want))
		}
		got := listed(s, byNumber)
		if !slices.IsSortedFunc(got, func(a, b []value) int { return slices.CompareFunc(a, b, byNumber) }) {
			t.Fatal("not in order")
		}
		for _, state := range got {
			delete(want, fmt.Sprint(state))
		}
		if len(want) > 0 {
			t.Fatalf("lost: %v", want)
		}
	})
}

func TestManyValuesWidenTheCodes(t *testing.T) {
	s := newStateSet(2)
	for _, n := range []int64{300, 70_000} {
		for i := range n {
			s.Add([]value{{i, true}, {-i, true}})
		}
		if int64(s.Len()) != n {
			t.Fatalf("%d states, want %d", s.Len(), n)
		}
		first := listed(s, byNumber)[1]
		if want := []value{{1, true}, {-1, true}}; !slices.Equal(first, want) {
			t.Errorf("second state %v, want %v", first, want)
		}
	}
	if s.width != 4 {
		t.Errorf("width %d", s.width)
	}
}

func TestAMillionStatesAreSmall(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a second")
	}
	before := heap()
	s := newStateSet(40)
	state := make([]value, 40)
	for i := range 1_000_000 {
		for c := range state {
			state[c] = value{int64(i >> (c / 2) & 1), true}
		}
		state[39] = value{ir.AddrOf(i % 5), true}
		s.Add(state)
	}
	grown := int64(heap()) - int64(before)
	if s.Len() != 1_000_000 || grown > 100<<20 {
		t.Errorf("%d states take %d MiB", s.Len(), grown>>20)
	}
	runtime.KeepAlive(s)
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestHerdOrder(t *testing.T) {
	// Declared in this order: z, a[0], a[1], b.
	cells := []ir.Cell{{Name: "z"}, {Name: "a[0]"}, {Name: "a[1]"}, {Name: "b"}}
	address := func(cell int) value { return value{ir.AddrOf(cell), true} }
	want := []value{
		{0, false},
		{-3, true}, {0, true}, {7, true}, {ir.AddrOf(4), true},
		address(1), address(2), address(3), address(0),
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, herdOrder(cells))
	if diff := gocmp.Diff(want, got, gocmp.AllowUnexported(value{})); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkStates(b *testing.B) {
	for _, distinct := range []int64{16, 100_000} {
		b.Run(fmt.Sprint(distinct), func(b *testing.B) {
			s, state := newStateSet(8), make([]value, 8)
			for i := range int64(b.N) {
				for c := range state {
					state[c] = value{i % distinct >> (2 * c) & 3, true}
				}
				s.Add(state)
			}
		})
	}
}
