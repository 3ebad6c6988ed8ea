package sched

import "slices"

// An item is an item in a Pool.
type item struct {
	value any
	clock []uint32

	private     *thread // that gets it first; nil: none does
	collections int     // of garbage, before it was put
}

// PutPool is Pool.Put. A goroutine's first item is kept for its next Get, as the slot of
// its processor has it.
func (x *Explorer) PutPool(h *Header, typ string, v any) {
	x.enter(h, typ, poolPut, 0)
	t := x.cur
	x.leaveWith(Write, func(o *object) {
		i := item{value: v, clock: append([]uint32(nil), t.clock...), collections: x.collections}
		if o.keptFor(t) < 0 {
			i.private = t
		}
		o.items = append(o.items, i)
		t.clock[t.id]++
	})
	if x.Recording() {
		x.Note("Put(%s)", Show(v))
	}
}

// Collect makes Pools lose items that were put before the last collection but
// one.
func (x *Explorer) Collect() { x.collections++ }

// GetPool is Pool.Get: it returns the item that is kept for the goroutine, or else the one
// that was put last, or nothing.
func (x *Explorer) GetPool(h *Header, typ string) (v any, ok bool) {
	x.enter(h, typ, poolGet, 0)
	t := x.cur
	o := x.objs.at(t.op.obj)
	o.collect(x.collections)
	if len(o.items) == 0 {
		x.Leave(Write, false)
		x.result("Get: empty")
		return nil, false
	}
	x.Changed(true)
	i := o.keptFor(t)
	if i < 0 {
		i = len(o.items) - 1
	}
	got := o.items[i]
	o.items = slices.Delete(o.items, i, i+1)
	x.acquire(t, got.clock)
	if x.Recording() {
		x.Note("Get() = %s", Show(got.value))
	}
	return got.value, true
}

// keptFor is the item that is kept for t; -1: there is none.
func (o *object) keptFor(t *thread) int {
	return slices.IndexFunc(o.items, func(i item) bool { return i.private == t })
}

// collect removes the items of which the garbage was collected twice since they were put.
func (o *object) collect(collections int) {
	n := 0
	for n < len(o.items) && collections-o.items[n].collections > 1 {
		n++
	}
	o.items = slices.Delete(o.items, 0, n)
}
