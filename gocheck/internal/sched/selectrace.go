package sched

// othersAble are the threads other than t whose selects can run.
func (x *Explorer) othersAble(t *thread) []*thread {
	x.able = x.able[:0]
	if x.solo || x.wakes {
		return nil
	}
	for _, q := range x.threads {
		if q != t && q.live && q.op.code == chanSelect && q.sel.met.event == noEvent && len(x.alternatives(q)) > 0 {
			x.able = append(x.able, q)
		}
	}
	return x.able
}

// noteDisabled notes races of the last step, t's, with steps of others that could
// have run before it, and now cannot run. Without it, no later event of this
// execution may show these races.
func (x *Explorer) noteDisabled(t *thread, able []*thread) {
	for _, q := range able {
		if q.sel.met.event != noEvent || len(x.alternatives(q)) == 0 {
			x.races = append(x.races, reversal{t.last, t.last, q.id})
		}
	}
}

// couldRun reports whether the step of s could run without event f and the events
// after it. A select that does not block always can. The result is certain unless
// s would have to meet a partner that may have another ready case.
func (x *Explorer) couldRun(s *selection, f int32) (could, certain bool) {
	switch {
	case s.since != noEvent:
		return s.since != f && !x.after(s.since, f), true
	case !s.block || s.came == noEvent && x.comes(s):
		return true, true
	case s.met.event != noEvent:
		return false, false // see noteDisabled
	}
	for i, c := range s.cases {
		if s.chans[i] < 0 {
			continue
		}
		ready, sure := x.readyWithout(f, s, i, c.Send)
		could, certain = could || ready, certain || ready && sure
	}
	return could, certain
}

// comes reports whether the next step of s is its arrival.
func (x *Explorer) comes(s *selection) bool {
	_, unbuffered := x.survey(s)
	return unbuffered
}

func (x *Explorer) readyWithout(f int32, s *selection, i int, send bool) (ready, sure bool) {
	c := &x.chans[s.chans[i]]
	n := x.without(f, c)
	switch {
	case n.closed, send && n.sent-n.taken < c.cap, !send && n.sent > n.taken:
		return true, true
	case send:
		return false, false
	}
	own := 0
	if s.came < f && c.cap == 0 {
		own = s.offersAt(s.chans[i])
	}
	return n.offers > own, len(s.cases) == 1
}

func (s *selection) offersAt(id int32) (n int) {
	for j, c := range s.cases {
		if c.Send && s.chans[j] == id {
			n++
		}
	}
	return n
}
