package sched

// An access is the effect of an operation on one side of a channel. A select
// has several: its footprint. Two such operations commute unless their
// footprints have a side in common on which they conflict. No other operations
// access these sides, so operations on objects need no footprints.
type access struct {
	side int32
	kind Kind
}

type footprint []access

// with is f with one more access. A side that is both read and accumulated
// counts as written.
func (f footprint) with(side int32, k Kind) footprint {
	for i := range f {
		if f[i].side == side {
			if f[i].kind != k {
				f[i].kind = Write
			}
			return f
		}
	}
	return append(f, access{side, k})
}

func (f footprint) conflicts(g footprint) bool {
	for _, a := range f {
		for _, b := range g {
			if a.side == b.side && conflict(a.kind, b.kind) {
				return true
			}
		}
	}
	return false
}

// sharesChannel reports whether both access the same channel, on any side.
func (f footprint) sharesChannel(g footprint) bool {
	for _, a := range f {
		for _, b := range g {
			if a.side/sides == b.side/sides {
				return true
			}
		}
	}
	return false
}

// writes reports whether f changes anything.
func (f footprint) writes() bool {
	for _, a := range f {
		if a.kind != Read {
			return true
		}
	}
	return false
}

// multi reports whether operations with this code have footprints.
func (c Code) multi() bool { return c >= chanArrive && c <= timerReset }

// chooses reports whether they choose among alternatives, whose number is the
// event's arg.
func (c Code) chooses() bool { return c == choose || c == chanSelect || c == chanTry || c == timerFire }

// A past is a side's access in this execution.
type past struct {
	event int32
	kind  Kind
}

// A sleeper is the footprint of the step that a sleeping thread would take.
// Channels that the step itself would be the first to use have numbers from known
// on. These numbers are meaningless in another execution: there any new channel may
// be one of them.
type sleeper struct {
	thread int32
	known  int32
	foot   footprint
}

// sleepsOver keeps q asleep with the footprint of event e.
func (n *node) sleepsOver(x *Explorer, q, e int32) {
	if x.events[e].code.multi() {
		n.asleep = append(n.asleep, sleeper{q, n.channels, append(footprint(nil), x.feet[e]...)})
	}
}

// wakesMulti reports whether event e, after node n, conflicts with the step that
// q, which sleeps there, would take. If not, q also sleeps at next.
func (n *node) wakesMulti(x *Explorer, q, e int32, next *node) bool {
	for i := len(n.asleep) - 1; i >= 0; i-- {
		s := n.asleep[i]
		if s.thread != q {
			continue
		}
		if x.events[e].code.multi() && s.wokenBy(x.feet[e]) {
			return true
		}
		next.asleep = append(next.asleep, s)
		return false
	}
	return true
}

func (s *sleeper) wokenBy(foot footprint) bool {
	return s.foot.conflicts(foot) || s.foot.reaches(s.known) && foot.reaches(s.known)
}

// reaches reports whether f accesses a channel with that number or a higher one.
func (f footprint) reaches(known int32) bool {
	for _, a := range f {
		if a.side/sides >= known {
			return true
		}
	}
	return false
}

// orderMulti is order for an event with a footprint.
func (x *Explorer) orderMulti(i int32, clock []uint32) {
	for int(i) >= len(x.feet) {
		x.feet = append(x.feet, nil)
	}
	t := x.threads[x.events[i].thread]
	s := t.sel
	x.feet[i] = append(x.feet[i][:0], s.foot...)
	if !x.wakes && int(i) >= x.known {
		x.findRacesMulti(i, t, s.foot, s.needs, clock)
	}
	if !x.wakes && s.meets != nil {
		x.findRacesOfMet(i, s.meets)
	}
	for _, a := range s.foot {
		x.orderSide(i, a, clock)
	}
	for _, f := range s.needs {
		join(clock, x.clock(f))
	}
	for _, a := range s.foot {
		x.chans[a.side/sides].remember(i)
	}
}

// orderSide makes event i come after those that it conflicts with on one side.
func (x *Explorer) orderSide(i int32, a access, clock []uint32) {
	hist := &x.chans[a.side/sides].hist[a.side%sides]
	for k := len(*hist) - 1; k >= 0; k-- {
		p := (*hist)[k]
		if !conflict(p.kind, a.kind) {
			continue
		}
		join(clock, x.clock(p.event))
		if p.kind == Write {
			break
		}
	}
	*hist = append(*hist, past{i, a.kind})
}

// findRacesMulti notes the races of event i. The event is a step of t, or meets t;
// in the latter case t might have gone on by itself before. clock has all that
// certainly precedes t's step.
//
// Unlike findRaces, it also notes a race whose first event precedes that of
// another race in happens-before, if it is not certain that the other race can
// be reversed.
func (x *Explorer) findRacesMulti(i int32, t *thread, foot footprint, needs []int32, clock []uint32) {
	for _, a := range foot {
		hist := x.chans[a.side/sides].hist[a.side%sides]
		for k := len(hist) - 1; k >= 0; k-- {
			p := hist[k]
			if !conflict(p.kind, a.kind) {
				continue
			}
			certain := x.ordered(p.event, t, clock)
			if !certain {
				var could bool
				if could, certain = x.couldRun(t.sel, p.event); could {
					x.noteRace(reversal{p.event, i, t.id})
				}
			}
			if certain && p.kind == Write {
				break
			}
		}
	}
	for _, f := range needs {
		if x.ordered(f, t, clock) {
			continue
		}
		if could, _ := x.couldRun(t.sel, f); could {
			x.noteRace(reversal{f, i, t.id})
		}
	}
}

// ordered reports whether event f precedes the step of t that comes after clock. If
// a write does, all earlier events on its side that conflict with it do too, and
// race no more than it does.
func (x *Explorer) ordered(f int32, t *thread, clock []uint32) bool {
	e := &x.events[f]
	return e.thread == t.id || clock[e.thread] > uint32(e.n)
}

// noteRace notes r.
func (x *Explorer) noteRace(r reversal) {
	for k := len(x.races) - 1; k >= 0 && x.races[k].second == r.second; k-- {
		if x.races[k] == r {
			return
		}
	}
	x.races = append(x.races, r)
}

// findRacesOfMet notes the races of q, the thread that event i meets.
func (x *Explorer) findRacesOfMet(i int32, q *thread) {
	s := q.sel
	kept := s.foot
	s.foot, s.needs = nil, s.needs[:0]
	for j := range s.cases {
		x.addCase(s, s, j)
	}
	x.findRacesMulti(i, q, s.foot, s.needs, x.clock(q.last))
	s.foot = kept[:0]
}

// dependsAtWorst reports whether a step like event i, if it came earlier, might
// have to come after event f. It is not known with which thread it would then
// meet at an unbuffered channel, and what else that thread waits for.
func (x *Explorer) dependsAtWorst(i int32, f int32) bool {
	if !x.events[f].code.multi() {
		return false
	}
	if x.events[i].code == timerFire {
		return true
	}
	for _, a := range x.feet[i] {
		if x.chans[a.side/sides].cap == 0 {
			return true
		}
	}
	return len(x.feet[i]) == 0 || x.feet[i].sharesChannel(x.feet[f])
}
