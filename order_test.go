package crosscall

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"crosscall/cpumask"
)

func counted(n int) (out []int) {
	for i := range n {
		out = append(out, i)
	}
	return out
}

// order sends random calls and checks that each CPU ran those that went to it,
// in the order in which they were made.
type order struct {
	t    *testing.T
	s    *System
	rand *rand.Rand
	got  [][]int // by CPU, which alone appends to its own
	want [][]int
}

func newOrder(t *testing.T, s *System, seed uint64) *order {
	n := last(s) + 1
	return &order{t, s, rand.New(rand.NewPCG(seed, 1)), make([][]int, n), make([][]int, n)}
}

func (o *order) mask() (m cpumask.Mask) {
	for cpu := range o.s.possible.All() {
		if o.rand.IntN(2) == 0 {
			m.Set(cpu)
		}
	}
	return m
}

func (o *order) cpu() int {
	if cpu := o.s.possible.Next(o.rand.IntN(last(o.s)+1) - 1); cpu >= 0 {
		return cpu
	}
	return first(o.s)
}

func (o *order) send(c Caller, n int) {
	for i := range n {
		mask := o.mask()
		if o.rand.IntN(3) > 0 { // to one more often, so that the calls meet on it
			mask = cpumask.Of(o.cpu())
		}
		for cpu := range mask.All() {
			o.want[cpu] = append(o.want[cpu], i)
		}
		w := ways[o.rand.IntN(len(ways))]
		must(o.t, w.run(ctx, c, &mask, func(c *CPU) { o.got[c.ID()] = append(o.got[c.ID()], i) }))
	}
	flush(o.t, c)
}

func (o *order) check() {
	o.t.Helper()
	for cpu := range o.got {
		if !slices.Equal(o.got[cpu], o.want[cpu]) {
			o.t.Errorf("CPU %d ran\n%v, want\n%v", cpu, o.got[cpu], o.want[cpu])
		}
	}
}

func TestOrder(t *testing.T) {
	eachDesign(t, func(t *testing.T, s *System) {
		eachCaller(t, s, func(_ string, c Caller) {
			o := newOrder(t, s, 1)
			o.send(c, rounds(s, 200))
			o.check()
		})
	})
}

func TestOrderOfManyCallersAtOnce(t *testing.T) {
	for name, o := range map[string]Options{"usable": {CPUs: usable(t)}, "virtual 8": virtual(8)} {
		eachDesignOf(t, name, o, func(t *testing.T, s *System) {
			var orders []*order
			var wg sync.WaitGroup
			for i := range 4 {
				o := newOrder(t, s, uint64(i))
				orders = append(orders, o)
				wg.Go(func() { o.send(s, 200) })
			}
			for cpu := range s.possible.All() {
				o := newOrder(t, s, uint64(100+cpu))
				orders = append(orders, o)
				wg.Go(func() { on(t, s, cpu, func(c *CPU) { o.send(c, 200) }) })
			}
			wg.Wait()
			for _, o := range orders {
				o.check()
			}
		})
	}
}
