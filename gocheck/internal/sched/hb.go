package sched

// synchronize updates the clocks of the Go memory model's happens-before for t's
// step. It is less than the order of steps: a Load does not happen before a
// later Store.
func (o *objects) synchronize(t *thread, k Kind) {
	s := traits[t.op.code].sync
	if s&(acquires|releases|joins|readerJoins|readersSeen) == 0 {
		return
	}
	v := o.at(t.op.obj)
	if s&acquires != 0 {
		joinSome(t.clock, v.released)
	}
	if s&readersSeen != 0 {
		joinSome(t.clock, v.readers)
	}
	switch {
	case s&releases != 0 && k != Read:
		v.released = append(v.released[:0], t.clock...)
	case s&joins != 0:
		v.released = joinInto(v.released, t.clock)
	case s&readerJoins != 0:
		v.readers = joinInto(v.readers, t.clock)
	default:
		return
	}
	t.clock[t.id]++
}

// acquire is for operations that synchronize only if they succeed.
func (x *Explorer) acquire(t *thread, clock []uint32) {
	if !x.solo && x.probe.thread != t {
		joinSome(t.clock, clock)
	}
}

// joinSome is join for a b that may be empty.
func joinSome(a, b []uint32) {
	if len(b) > 0 {
		join(a, b)
	}
}

func joinInto(a, b []uint32) []uint32 {
	if len(a) == 0 {
		return append(a, b...)
	}
	join(a, b)
	return a
}
