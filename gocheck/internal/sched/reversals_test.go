package sched

import (
	"slices"
	"testing"
)

// A replayed execution adds events on one object, and notes their races.
type replayed struct {
	exec execution
	objs objects
	reversals
}

func newReplayed() *replayed {
	r := &replayed{exec: newExecution()}
	r.exec.reset(0)
	r.objs.add("Uint64")
	r.reversals = reversals{exec: &r.exec, objs: &r.objs}
	r.reset(r.exec.stride)
	return r
}

// does adds thread t's operation, after the events in before and those that it conflicts with.
func (r *replayed) does(t int32, c Code, k Kind, free bool, before ...int32) {
	i := r.exec.add(t, before...)
	e := &r.exec.events[i]
	e.code, e.kind, e.free = c, k, free
	r.find(i, e, r.exec.clock(i))
	o := r.objs.at(0)
	for _, f := range o.hist {
		if conflict(r.exec.events[f].kind, k) {
			join(r.exec.clock(i), r.exec.clock(f))
		}
	}
	o.remember(i, e)
}

func (r *replayed) pairs() (list [][2]int32) {
	for _, v := range r.list {
		list = append(list, [2]int32{v.first, v.second})
	}
	return list
}

func TestReversals(t *testing.T) {
	for _, c := range []struct {
		name string
		does func(*replayed)
		want [][2]int32
	}{
		{"reads do not race", func(r *replayed) {
			r.does(0, Load, Read, true)
			r.does(1, Load, Read, true)
		}, nil},
		{"a write races with each read before it", func(r *replayed) {
			r.does(0, Load, Read, true)
			r.does(1, Load, Read, true)
			r.does(2, Store, Write, true)
		}, [][2]int32{{1, 2}, {0, 2}}},
		{"a race with the last write stands for earlier ones", func(r *replayed) {
			r.does(0, Store, Write, true)
			r.does(1, Store, Write, true)
			r.does(2, Store, Write, true)
		}, [][2]int32{{0, 1}, {1, 2}}},
		{"no race with what comes before anyway", func(r *replayed) {
			r.does(0, Store, Write, true)
			r.does(1, Store, Write, true, 0)
		}, nil},
		{"Lock races with the Lock before it, and not with the Unlock that lets it go", func(r *replayed) {
			r.does(0, lock, Write, true)
			r.does(0, unlock, Write, false)
			r.does(1, lock, Write, true)
		}, [][2]int32{{0, 2}}},
	} {
		r := newReplayed()
		if c.does(r); !slices.Equal(r.pairs(), c.want) {
			t.Errorf("%s: %v, want %v", c.name, r.pairs(), c.want)
		}
	}
}

func TestNoteOnce(t *testing.T) {
	var rs reversals
	rs.note(reversal{1, 3, 3, 0, nothing})
	rs.note(reversal{2, 3, 3, 0, nothing})
	rs.note(reversal{1, 3, 3, 0, nothing})
	if len(rs.list) != 2 {
		t.Error(rs.list)
	}
}
