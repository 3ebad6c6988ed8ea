package sched

import (
	"fmt"
	"slices"
)

// AddGroup is WaitGroup.Add.
func (x *Explorer) AddGroup(h *Header, typ string, n int) {
	c := wgAdd
	if n < 0 {
		c = wgDone
	}
	x.enter(h, typ, c, int32(n))
	if x.objs.at(x.cur.op.obj).count+int32(n) < 0 {
		x.fail(Misuse, "negative counter of "+x.objectName(x.cur.op.obj))
	}
	if n > 0 && !x.solo {
		x.suspectAdd(x.cur)
	}
	x.leaveWith(Accum, func(o *object) { o.count += int32(n) })
	x.lowers = x.lowers || n < 0
	if n == -1 {
		x.result("Done: %d left", x.objs.at(x.cur.op.obj).count)
	} else {
		x.result("Add(%d): %d left", n, x.objs.at(x.cur.op.obj).count)
	}
	x.judgeAdds()
}

// WaitGroup is WaitGroup.Wait.
func (x *Explorer) WaitGroup(h *Header, typ string) {
	x.enter(h, typ, wgWait, 0)
	if !x.solo && x.probing != x.cur {
		x.suspectWait(x.cur)
	}
	x.Leave(Read, false)
	x.judgeAdds()
}

// A suspect is an Add to a WaitGroup and a Wait with no order between them. It is a
// misuse if the counter may be zero at the Add: such an Add must happen before Wait
// is called, or after it has returned.
type suspect struct{ add, wait int32 }

// suspectAdd looks for Waits that do not happen before t's Add, which comes next.
func (x *Explorer) suspectAdd(t *thread) {
	for _, i := range x.objs.at(t.op.obj).hist {
		if e := &x.exec.events[i]; e.code == wgWait && t.clock[e.thread] < e.epoch {
			x.unsure = append(x.unsure, suspect{int32(x.exec.depth), i})
		}
	}
}

// suspectWait looks for Adds that do not happen before t's Wait was called.
func (x *Explorer) suspectWait(t *thread) {
	for _, i := range x.objs.at(t.op.obj).hist {
		if e := &x.exec.events[i]; e.code == wgAdd && e.arg > 0 && t.clock[e.thread] < e.epoch {
			x.unsure = append(x.unsure, suspect{i, int32(x.exec.depth)})
		}
	}
}

// judgeAdds fails if one of the suspects is a misuse by the events so far. The
// others are judged again at the end, because in another order a later Done may
// come before the Add.
func (x *Explorer) judgeAdds() {
	if len(x.unsure) > 0 && x.ending == running && x.judgeSuspects() {
		x.next = nil
		x.ending = failed
		x.cur.park()
	}
}

func (x *Explorer) judgeSuspects() bool {
	for _, s := range x.unsure {
		if x.mayBeZero(s.add) {
			x.say(Misuse, x.addBesideWait(s))
			x.marks(s.add, s.wait)
			return true
		}
	}
	return false
}

func (x *Explorer) addBesideWait(s suspect) string {
	a, w := &x.exec.events[s.add], &x.exec.events[s.wait]
	return fmt.Sprintf("Add beside Wait of %s: an Add that finds the counter zero must happen before Wait is called or after it has returned, and nothing orders these two:\n  %s adds%s\n  %s waits%s",
		x.objectName(a.obj), x.threads.name(a.thread), x.eventAt(s.add), x.threads.name(w.thread), x.eventAt(s.wait))
}

// judgeCounters checks an execution that has ended for misuse of counters that
// shows in an equivalent execution. Operations that count up and down commute, so
// only one order of them is run.
func (x *Explorer) judgeCounters() {
	if x.judgeSuspects() || !x.lowers {
		return
	}
	for id := range x.objs.all() {
		c := x.newCounting()
		for _, i := range x.objs.at(int32(id)).hist {
			c.add(i)
		}
		if e := c.unmatched(); e != nothing {
			x.say(Misuse, x.takenTooEarly(e))
			return
		}
	}
}

func (x *Explorer) takenTooEarly(i int32) string {
	e := &x.exec.events[i]
	name := x.objectName(e.obj)
	if e.code == rUnlock {
		return fmt.Sprintf("RUnlock of %s, which no goroutine holds for reading in another order: nothing orders RUnlock%s and the RLock before it", name, x.eventAt(i))
	}
	return fmt.Sprintf("negative counter of %s in another order: nothing orders %s%s and the Add before it", name, traits[e.code].name, x.eventAt(i))
}

// delta is what e adds to its object's counter.
func (e *event) delta() int32 {
	switch {
	case e.code == wgAdd || e.code == wgDone:
		return e.arg
	case e.code == rLock || e.code == tryRLock && e.kind == Accum:
		return 1
	case e.code == rUnlock:
		return -1
	}
	return 0
}

// A counting has the operations that raise and lower one counter. Claim: in each
// equivalent order the counter stays at zero or above if and only if each lowered
// unit can be matched with a raised unit of its own whose event precedes it, by the
// order of steps. Proof: the events that have run at some point of an order can be
// any set that is closed under predecessors, and so this is Hall's theorem.
type counting struct {
	x     *Explorer
	ups   []unit
	downs []unit
	flow  []int32 // units of each lowering that are matched with each raising
	seen  []bool  // scratch: ups
	left  []int32 // scratch: unmatched units of the raisings
}

// A unit is an event, with the number of its units that are not matched.
type unit struct {
	event int32
	left  int32
	// before, for a probe that is no event, reports which events precede it.
	before func(int32) bool
}

// newCounting returns an empty counting, in the memory of the last one.
func (x *Explorer) newCounting() *counting {
	c := &x.counts
	c.x, c.ups, c.downs = x, c.ups[:0], c.downs[:0]
	return c
}

func (c *counting) add(i int32) {
	switch d := c.x.exec.events[i].delta(); {
	case d > 0:
		c.ups = append(c.ups, unit{event: i, left: d})
	case d < 0:
		c.downs = append(c.downs, unit{event: i, left: -d})
	}
}

// mayBeZero reports whether the counter is zero at an Add in some equivalent
// order: it is if one more unit, lowered just before the Add, could not be
// matched.
func (x *Explorer) mayBeZero(add int32) bool {
	c := x.newCounting()
	for _, i := range x.objs.at(x.exec.events[add].obj).hist {
		if i != add && !x.exec.after(i, add) {
			c.add(i)
		}
	}
	c.downs = append(c.downs, unit{event: add, left: 1, before: func(i int32) bool { return x.exec.after(add, i) }})
	return c.unmatched() != nothing
}

// unmatched is an event that lowers units which cannot be matched, or nothing.
func (c *counting) unmatched() int32 {
	if c.matchedAtOnce() {
		return nothing
	}
	c.flow = zeros(c.flow, len(c.downs)*len(c.ups))
	for d := range c.downs {
		u := &c.downs[d]
		for u.left > 0 {
			c.seen = zeros(c.seen, len(c.ups))
			n := c.augment(d, u.left)
			if n == 0 {
				return u.event
			}
			u.left -= n
		}
	}
	return nothing
}

// matchedAtOnce reports whether each lowering can be matched without changing
// earlier matches. That is the usual case.
func (c *counting) matchedAtOnce() bool {
	c.left = c.left[:0]
	for _, u := range c.ups {
		c.left = append(c.left, u.left)
	}
	for d, u := range c.downs {
		need := u.left
		for up := len(c.ups) - 1; up >= 0 && need > 0; up-- {
			if c.left[up] > 0 && c.follows(d, up) {
				n := min(need, c.left[up])
				c.left[up] -= n
				need -= n
			}
		}
		if need > 0 {
			return false
		}
	}
	return true
}

func (c *counting) flowOf(d, up int) *int32 { return &c.flow[d*len(c.ups)+up] }

// zeros is n zeros, in the memory of s if it has room.
func zeros[E any](s []E, n int) []E {
	s = slices.Grow(s[:0], n)[:n]
	clear(s)
	return s
}

func (c *counting) follows(d, up int) bool {
	u := &c.downs[d]
	if u.before != nil {
		return u.before(c.ups[up].event)
	}
	return c.x.exec.after(u.event, c.ups[up].event)
}

// augment matches up to n more units of a lowering, and returns how many it has
// matched. It tries the latest raisings first, because the fewest other events
// can use them.
func (c *counting) augment(d int, n int32) int32 {
	for up := len(c.ups) - 1; up >= 0; up-- {
		if c.seen[up] || !c.follows(d, up) {
			continue
		}
		c.seen[up] = true
		if got := c.takeFrom(up, n); got > 0 {
			*c.flowOf(d, up) += got
			return got
		}
	}
	return 0
}

// takeFrom frees up to n units of a raising, if necessary by matching the
// events that have them with others.
func (c *counting) takeFrom(up int, n int32) int32 {
	if u := &c.ups[up]; u.left > 0 {
		got := min(n, u.left)
		u.left -= got
		return got
	}
	for other := range c.downs {
		if has := c.flowOf(other, up); *has > 0 {
			if got := c.augment(other, min(n, *has)); got > 0 {
				*has -= got
				return got
			}
		}
	}
	return 0
}
