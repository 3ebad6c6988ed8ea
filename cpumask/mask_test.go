package cpumask_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"

	"crosscall/cpumask"

	"pgregory.net/rapid"
)

// twin is the obvious set of CPUs that Mask is checked against.
type twin map[int]bool

func (s twin) sorted() []int { return slices.Sorted(maps.Keys(s)) }

func (s twin) next(after int) int {
	for cpu := max(after+1, 0); cpu < cpumask.Max; cpu++ {
		if s[cpu] {
			return cpu
		}
	}
	return -1
}

func (s twin) filter(keep func(cpu int) bool) []int {
	return slices.DeleteFunc(s.sorted(), func(cpu int) bool { return !keep(cpu) })
}

// anyCPU often draws the edges of words, where off-by-one errors are likely.
func anyCPU() *rapid.Generator[int] {
	return rapid.OneOf(
		rapid.SampledFrom([]int{0, 1, 62, 63, 64, 65, 127, 128, 959, 960, 1022, 1023}),
		rapid.IntRange(0, cpumask.Max-1),
	)
}

func anyTwin() *rapid.Generator[twin] {
	return rapid.Custom(func(t *rapid.T) twin {
		s := twin{}
		for _, cpu := range rapid.SliceOfN(anyCPU(), 0, 20).Draw(t, "cpus") {
			s[cpu] = true
		}
		first := anyCPU().Draw(t, "first")
		for cpu := first; cpu < first+rapid.IntRange(0, 140).Draw(t, "run") && cpu < cpumask.Max; cpu++ {
			s[cpu] = true
		}
		return s
	})
}

func (s twin) mask() cpumask.Mask { return cpumask.Of(s.sorted()...) }

// TestAgainstTwin runs random operations on a Mask and on its twin, and compares the results of
// all queries after each one.
func TestAgainstTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyTwin().Draw(t, "start")
		got := want.mask()

		change := func(op func(*cpumask.Mask, int), present bool) func(*rapid.T) {
			return func(t *rapid.T) {
				cpu := anyCPU().Draw(t, "cpu")
				op(&got, cpu)
				setTwin(want, cpu, present)
			}
		}
		testAndChange := func(op func(*cpumask.Mask, int) bool, present bool) func(*rapid.T) {
			return func(t *rapid.T) {
				cpu := anyCPU().Draw(t, "cpu")
				if old := op(&got, cpu); old != want[cpu] {
					t.Fatalf("test and change of CPU %d = %v, want %v", cpu, old, want[cpu])
				}
				setTwin(want, cpu, present)
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"Set":                change((*cpumask.Mask).Set, true),
			"Clear":              change((*cpumask.Mask).Clear, false),
			"AtomicSet":          change((*cpumask.Mask).AtomicSet, true),
			"AtomicClear":        change((*cpumask.Mask).AtomicClear, false),
			"AtomicTestAndSet":   testAndChange((*cpumask.Mask).AtomicTestAndSet, true),
			"AtomicTestAndClear": testAndChange((*cpumask.Mask).AtomicTestAndClear, false),
			"": func(t *rapid.T) {
				compare(t, &got, want)
			},
		})
	})
}

func setTwin(s twin, cpu int, present bool) {
	if present {
		s[cpu] = true
	} else {
		delete(s, cpu)
	}
}

func compare(t *rapid.T, got *cpumask.Mask, want twin) {
	all := slices.Collect(got.All())
	if !slices.Equal(all, want.sorted()) {
		t.Fatalf("All = %v, want %v", all, want.sorted())
	}
	if got.Weight() != len(want) || got.Empty() != (len(want) == 0) || got.First() != want.next(-1) {
		t.Fatalf("weight %d, empty %v, first %d of %v", got.Weight(), got.Empty(), got.First(), all)
	}
	if snapshot := got.Snapshot(); snapshot != *got {
		t.Fatalf("Snapshot = %v, want %v", snapshot, got)
	}
	cpu := anyCPU().Draw(t, "asked")
	if got.Test(cpu) != want[cpu] || got.AtomicTest(cpu) != want[cpu] || got.Word(cpu/64)>>(cpu%64)&1 == 1 != want[cpu] {
		t.Fatalf("Test(%d) = %v, AtomicTest %v, word %#x; want %v", cpu, got.Test(cpu), got.AtomicTest(cpu), got.Word(cpu/64), want[cpu])
	}
	if next := got.Next(cpu); next != want.next(cpu) {
		t.Fatalf("Next(%d) = %d, want %d", cpu, next, want.next(cpu))
	}
	if parsed, err := cpumask.Parse(got.String()); err != nil || parsed != *got {
		t.Fatalf("Parse(%q) = %v, %v", got, parsed, err)
	}
}

func TestTwoMasksAgainstTwins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyTwin().Draw(t, "a"), anyTwin().Draw(t, "b")
		if rapid.Bool().Draw(t, "make a subset") {
			maps.Copy(b, a)
		}
		ma, mb := a.mask(), b.mask()
		union := maps.Clone(a)
		maps.Copy(union, b)

		for _, c := range []struct {
			op   string
			got  cpumask.Mask
			want []int
		}{
			{"And", ma.And(&mb), a.filter(func(cpu int) bool { return b[cpu] })},
			{"Or", ma.Or(&mb), union.sorted()},
			{"AndNot", ma.AndNot(&mb), a.filter(func(cpu int) bool { return !b[cpu] })},
		} {
			if cpus := slices.Collect(c.got.All()); !slices.Equal(cpus, c.want) {
				t.Fatalf("%v %s %v = %v, want %v", ma, c.op, mb, cpus, c.want)
			}
		}
		if got, want := ma.Subset(&mb), len(a.filter(func(cpu int) bool { return !b[cpu] })) == 0; got != want {
			t.Fatalf("%v Subset %v = %v, want %v", ma, mb, got, want)
		}
	})
}

func TestNextTakesAnyNumber(t *testing.T) {
	m := cpumask.Of(0, 1023)
	for _, c := range []struct{ after, want int }{
		{math.MinInt, 0}, {-2, 0}, {-1, 0}, {0, 1023}, {1022, 1023}, {1023, -1}, {1024, -1}, {math.MaxInt, -1},
	} {
		if got := m.Next(c.after); got != c.want {
			t.Errorf("Next(%d) = %d, want %d", c.after, got, c.want)
		}
	}
}

func TestRange(t *testing.T) {
	for _, c := range []struct {
		first, last int
		want        string
	}{
		{0, 0, "0"}, {0, 1023, "0-1023"}, {60, 67, "60-67"}, {5, 4, ""}, {0, -1, ""},
	} {
		if got := cpumask.Range(c.first, c.last).String(); got != c.want {
			t.Errorf("Range(%d, %d) = %q, want %q", c.first, c.last, got, c.want)
		}
	}
}

func TestAllSeesChangesAndStops(t *testing.T) {
	m := cpumask.Of(1, 2, 70)
	var seen []int
	for cpu := range m.All() {
		seen = append(seen, cpu)
		m.Clear(cpu)
		if cpu == 1 {
			m.Clear(2)
			m.Set(71)
		}
		if cpu == 71 {
			m.Set(72)
			break
		}
	}
	if !slices.Equal(seen, []int{1, 70, 71}) || m.String() != "72" {
		t.Errorf("saw %v and left %q, want [1 70 71] and 72", seen, m)
	}
}

func TestOutOfRangePanics(t *testing.T) {
	var m cpumask.Mask
	ops := map[string]func(cpu int){
		"Of":                 func(cpu int) { cpumask.Of(cpu) },
		"Set":                m.Set,
		"Clear":              m.Clear,
		"Test":               func(cpu int) { m.Test(cpu) },
		"AtomicSet":          m.AtomicSet,
		"AtomicClear":        m.AtomicClear,
		"AtomicTest":         func(cpu int) { m.AtomicTest(cpu) },
		"AtomicTestAndSet":   func(cpu int) { m.AtomicTestAndSet(cpu) },
		"AtomicTestAndClear": func(cpu int) { m.AtomicTestAndClear(cpu) },
	}
	for name, op := range ops {
		for _, cpu := range []int{-1, cpumask.Max, math.MinInt, math.MaxInt} {
			want := fmt.Sprintf("cpumask: CPU %d is not in 0-1023", cpu)
			if got := recovered(func() { op(cpu) }); fmt.Sprint(got) != want {
				t.Errorf("%s(%d) panics with %v, want %q", name, cpu, got, want)
			}
		}
	}
	if !m.Empty() {
		t.Errorf("left %v behind", m)
	}
}

func recovered(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}
