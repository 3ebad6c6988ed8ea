package sched

import (
	"slices"
	"sort"
)

// An able thread has a select that can run. Its alternatives are reversals.could[from:to].
type able struct {
	*thread
	from, to int
}

// A passed select took a case, although others of its cases might have become ready
// later. Its step has no access to their channels, so it commutes with the steps by
// which they become ready.
type passed struct {
	event, thread int32
	ports         []port
}

// A port is a case that was not taken.
type port struct {
	channel int32
	send    bool
}

// readyAt reports whether a case with the channel is ready in state n.
func (c *channel) readyAt(n *count, send bool) bool {
	if send {
		return n.closed || n.sent-n.taken < c.cap
	}
	return n.closed || n.sent > n.taken || n.offers > 0
}

// anyCase is in place of a case if the step may take any of them.
const anyCase = -1

func (s *selection) offersAt(id int32) (n int) {
	for j, c := range s.cases {
		if c.Send && s.chans[j] == id {
			n++
		}
	}
	return n
}

// findMissed notes races of selects with later events that make another case ready.
//
// Claim: let a select of t take case i in event p, and let case j be ready after event e, in
// the execution without p and what comes after p. Then the step by j could come after e, in
// an execution that is not equivalent, and this execution is requested. No other
// race leads there: p and e commute, because p accesses the channel of i alone.
//
// Proof: p and the step by j are alternatives of t, so they conflict, and the events
// between p and e that do not come after p are independent of p and can come before it.
// They include all that makes j ready. So they and the step by j are an execution.
//
// Smallest execution: two goroutines send to a and b, and a third selects from both. If
// a comes first, the select may take it before b comes, or after; that is one execution.
// The other one takes b.
func (rs *reversals) findMissed() {
	for i := range rs.missed {
		p := &rs.missed[i]
		for _, q := range p.ports {
			rs.findReady(p, q)
		}
	}
}

// findReady notes a race with the last event, if it was not seen before, after which the
// case q of p is ready. In the execution that is requested, earlier ones are
// ordinary races: the step by q conflicts with the event that makes it unready.
func (rs *reversals) findReady(p *passed, q port) {
	c := rs.chans.at(q.channel)
	n := len(c.counts)
	if n == 0 || int(c.counts[n-1].event) < max(rs.exec.known, int(p.event)+1) {
		return
	}
	n = sort.Search(n, func(i int) bool { return c.counts[i].event > p.event })
	sum, last := c.counts[n], int32(noEvent)
	var tailLater, headLater bool // then all further sends come after p, or receives
	for ; n < len(c.counts) && !(tailLater && headLater); n++ {
		a, b := c.counts[n], c.count(noEvent)
		if n+1 < len(c.counts) {
			b = c.counts[n+1]
		}
		if rs.exec.after(a.event, p.event) {
			tailLater = tailLater || rs.exec.feet[a.event].writesSide(q.channel*sides+tail)
			headLater = headLater || rs.exec.feet[a.event].writesSide(q.channel*sides+head)
			continue
		}
		if sum.add(a, b); c.readyAt(&sum, q.send) {
			last = a.event
		}
	}
	if int(last) >= rs.exec.known {
		rs.note(reversal{p.event, p.event, last + 1, p.thread, q.channel})
	}
}

// othersAble are the threads other than t, of all, whose selects can run.
func (rs *reversals) othersAble(t *thread, all threads) []able {
	rs.able, rs.could = rs.able[:0], rs.could[:0]
	for _, q := range all {
		if q == t || !q.live || q.op.code != chanSelect && q.op.code != chanTry || q.sel.met.event != noEvent {
			continue
		}
		from := len(rs.could)
		for _, a := range rs.chans.alternatives(q) {
			rs.could = append(rs.could, a.taken())
		}
		if len(rs.could) > from {
			rs.able = append(rs.able, able{q, from, len(rs.could)})
		}
	}
	return rs.able
}

// noteDisabled notes races of the last step, t's, with steps of others that could
// have run before it, and now cannot run. Without it, no later event of this
// execution may show these races: the others may have no step left, or only steps
// that sleep.
func (rs *reversals) noteDisabled(t *thread, others []able) {
	for _, q := range others {
		if rs.disabled(q) {
			rs.list = append(rs.list, reversal{t.last, t.last, t.last, q.id, nothing})
		}
	}
}

// disabled reports whether q has lost one of its alternatives.
func (rs *reversals) disabled(q able) bool {
	if q.sel.met.event != noEvent {
		return true
	}
	now := rs.chans.alternatives(q.thread)
	for _, was := range rs.could[q.from:q.to] {
		if !slices.ContainsFunc(now, func(a alternative) bool { return a.taken() == was }) {
			return true
		}
	}
	return false
}

// notePassed notes the cases that t's last step has not taken.
func (rs *reversals) notePassed(t *thread, i int) {
	s := t.sel
	if !s.part {
		return
	}
	if len(rs.missed) < cap(rs.missed) {
		rs.missed = rs.missed[:len(rs.missed)+1]
	} else {
		rs.missed = append(rs.missed, passed{})
	}
	p := &rs.missed[len(rs.missed)-1]
	*p = passed{t.last, t.id, p.ports[:0]}
	for j, id := range s.chans {
		if j != i && id >= 0 {
			p.ports = append(p.ports, port{id, s.cases[j].Send})
		}
	}
}
