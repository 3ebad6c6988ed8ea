package sched

// Continue explores a subtask until it is explored or cfg.Pause says so, and returns a
// report for the explorer that it is from.
func Continue(cfg Config, body func(), subtask []byte) []byte {
	exploring.Lock()
	defer exploring.Unlock()
	cfg.Helper = nil
	x := newExplorer(cfg, body)
	defer x.close()
	if !x.load(subtask, 0) {
		return nil
	}
	for d := range x.stack.floor {
		x.stack.nodes[d].leaveToOthers(&x.stack.tree)
	}
	found, reason := x.explore()
	r := report{tally: x.tally(), unusual: reason, requests: x.stack.requests}
	switch {
	case found != nil:
		r.unusual, r.kind, r.seed = "failure", found.Kind, found.Schedule.String()
	case reason == paused:
		r.unusual, r.rest = "", x.save(x.stack.floor)
	}
	c := &coder{}
	x.codeReport(c, &r)
	return c.b
}

// paused is the reason of an exploration that can be continued.
const paused = "pause"

// leaveToOthers makes the threads of n's branches sleep: another explorer takes these.
func (n *node) leaveToOthers(t *tree) {
	for w := n.alts; w != nothing; w = t.nodes[w].next {
		if q := t.nodes[w].thread; !n.sleep.has(q) {
			n.sleep.add(q)
		}
	}
	n.abandon(t)
}

// A report is the result of a subtask.
type report struct {
	tally
	requests []request
	unusual  string // it has ended in another way than by a pause, or when all was explored
	kind     FailureKind
	seed     string // of a failure
	rest     []byte
}

// codeReport writes r, or reads it.
func (x *Explorer) codeReport(c *coder, r *report) {
	x.codeThreads(c)
	code(c, &r.stats.Executions)
	code(c, &r.stats.Blocked)
	code(c, &r.stats.Steps)
	c.bool(&r.stats.Timed)
	code(c, &r.deviated)
	c.bool(&r.asked)
	c.flag(&x.tried)
	c.flag(&x.heldBack)
	c.text(&r.unusual)
	code(c, &r.kind)
	c.text(&r.seed)
	codeList(c, &r.requests, func(q *request) { q.code(c) })
	codeList(c, &r.rest, func(b *byte) { code(c, b) })
}

// readReport reads a report on a subtask that has the nodes from floor on.
func (x *Explorer) readReport(text []byte, floor int) (r report, ok bool) {
	c := reading(text)
	x.codeReport(c, &r)
	for i := range r.requests {
		if !r.requests[i].isFor(x, floor) {
			c.bad = true
		}
	}
	return r, !c.bad
}

// failure is the failure that r tells of, or nil.
func (r *report) failure() *Found {
	s, err := ParseSchedule(r.seed)
	if r.seed == "" || err != nil {
		return nil
	}
	return &Found{Kind: r.kind, Failed: true, Schedule: s}
}
