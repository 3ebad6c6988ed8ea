package sched

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
)

// texts are what messages call the variables, threads and steps of an execution.
type texts struct {
	exec    *execution
	threads *threads
	objs    *objects
	chans   *channels
	memory  *memory
	rec     *recorder // nil: the execution is not recorded, and places are not known
}

// object is the name of an object.
func (tx *texts) object(id int32) string {
	name, _ := tx.nameOf(id)
	return name
}

// nameOf is the name of an object for messages. named reports whether the name is
// from the program or its source.
func (tx *texts) nameOf(id int32) (name string, named bool) {
	if id < 0 || int(id) >= tx.objs.n {
		return "nothing", false
	}
	o := tx.objs.at(id)
	if o.name != "" {
		return o.name, true
	}
	if tx.rec != nil {
		if name := tx.rec.names.name(id); name != "" {
			return name, true
		}
	}
	return fmt.Sprintf("%s#%d", o.typ, id), false
}

// plain is the name of a plain variable.
func (tx *texts) plain(i int) string {
	if name := tx.rec.names.name(^int32(i)); name != "" {
		return name
	}
	return fmt.Sprintf("plain#%d", i)
}

// channel is the name of a channel.
func (tx *texts) channel(id int32) string {
	if id < 0 {
		return "a nil channel"
	}
	return tx.object(tx.chans.at(id).obj)
}

// raced is the name of what the step here accesses, and there too. If a function of the
// standard library accesses it, that function is named as well.
func (tx *texts) raced(here, there Step) string {
	name := cmp.Or(tx.accessed(here), tx.accessed(there), "a variable")
	if here.Plain && here.Own && !IsOperation(here.Via) {
		name = fmt.Sprintf("%s (within %s)", name, path.Base(here.Via))
	}
	return name
}

// accessed is the name of what a step accesses, or "". If a method of the standard library
// accesses it, that is the variable whose method it is.
func (tx *texts) accessed(s Step) string {
	switch {
	case !s.Plain:
		return tx.object(int32(s.Object))
	case !s.Own || IsOperation(s.Via):
		return tx.rec.names.name(^int32(s.Object))
	case strings.Contains(s.Via, ")."): // a method
		if on := receiversAt(use{called: Method(s.Via), at: s.At}); len(on) == 1 {
			return on[0]
		}
	}
	return ""
}

// waitsFor describes what t waits for.
func (tx *texts) waitsFor(t *thread) string {
	futile := tx.memory.isFutile(t)
	if tx.rec != nil && !t.waiting && !futile {
		if f := tx.rec.pending[t.id]; f.own() && !f.direct() {
			return "waits in " + f.via[strings.LastIndexByte(f.via, '/')+1:]
		}
	}
	if t.op.code.multi() {
		return tx.waitsAt(t)
	}
	if t.op.code == sleep {
		return "sleeps again and again"
	}
	waits := t.waits
	if futile {
		waits = t.futile
	} else if !t.waiting {
		return fmt.Sprintf("waits in %s of %s", waitName(t.op.code), tx.object(t.op.obj))
	}
	var names []string
	for _, s := range waits {
		if name := tx.object(max(s.obj, 0)); s.obj >= 0 && !slices.Contains(names, name) {
			names = append(names, name)
		} else if s.obj < 0 {
			names = append(names, "a plain variable")
		}
	}
	if len(names) == 0 {
		return "spins, and reads nothing"
	}
	return "spins on " + strings.Join(names, ", ")
}

// differs describes that t cannot take its step of the last execution with this schedule,
// event d.
func (tx *texts) differs(t *thread, d int) string {
	e := &tx.exec.events[d]
	now := "cannot go on now"
	if t.live {
		now = "is about to call " + tx.step(t.op.code, t.op.obj) + " now"
	}
	return fmt.Sprintf("the same schedule led elsewhere this time: step %d was %s by %s, which %s; "+
		"the program depends on a map's order, on time, on randomness or on what an earlier execution left",
		d+1, tx.step(e.code, e.obj), tx.threads.name(t.id), now)
}

// step describes an operation on an object.
func (tx *texts) step(c Code, obj int32) string {
	if name, ok := tx.nameOf(obj); ok || obj >= 0 {
		return traits[c].name + " of " + name
	}
	return traits[c].name
}

// waitsAt describes what t waits for in a select, with the cases as in the source, sends
// first: the compiler puts receives in the opposite order.
func (tx *texts) waitsAt(t *thread) string {
	s := t.sel
	var sends, receives []string
	for i, c := range s.cases {
		if c.Send {
			sends = append(sends, tx.channel(s.chans[i])+" <-")
		} else {
			receives = append(receives, "<-"+tx.channel(s.chans[i]))
		}
	}
	slices.Reverse(receives)
	switch {
	case len(s.cases) == 0:
		return "waits in a select without cases"
	case len(s.cases) > 1:
		return "waits in a select for " + strings.Join(append(sends, receives...), " or ")
	case len(sends) == 1:
		return "waits to send to " + tx.channel(s.chans[0])
	}
	return "waits to receive from " + tx.channel(s.chans[0])
}

// eventAt is the text for the place of an event.
func (tx *texts) eventAt(i int32) string {
	if tx.rec == nil {
		return ""
	}
	return " at " + tx.rec.steps[tx.rec.of[i]].At.String()
}

// pendingAt is the text for the place where t waits.
func (tx *texts) pendingAt(t *thread) string {
	if tx.rec == nil {
		return ""
	}
	return tx.rec.pendingAt(t)
}

// lastSteps describes the threads that ran at the end of an execution that is too
// long.
func (tx *texts) lastSteps() string {
	if tx.exec.depth == 0 {
		return "there are none: the body loops"
	}
	e := tx.exec.events[tx.exec.depth-1]
	n := 1
	for n < tx.exec.depth && tx.exec.events[tx.exec.depth-1-n].thread == e.thread {
		n++
	}
	return fmt.Sprintf("the last %d by %s, the last one %s of %s", n, tx.threads.name(e.thread), traits[e.code].name, tx.object(e.obj))
}

func (tx *texts) addBesideWait(s suspect) string {
	a, w := &tx.exec.events[s.add], &tx.exec.events[s.wait]
	return fmt.Sprintf("Add beside Wait of %s: an Add that finds the counter zero must happen before Wait is called or after it has returned, and nothing orders these two:\n  %s adds%s\n  %s waits%s",
		tx.object(a.obj), tx.threads.name(a.thread), tx.eventAt(s.add), tx.threads.name(w.thread), tx.eventAt(s.wait))
}

func (tx *texts) takenTooEarly(i int32) string {
	e := &tx.exec.events[i]
	name := tx.object(e.obj)
	if e.code == rUnlock {
		return fmt.Sprintf("RUnlock of %s, which no goroutine holds for reading in another order: nothing orders RUnlock%s and the RLock before it", name, tx.eventAt(i))
	}
	return fmt.Sprintf("negative counter of %s in another order: nothing orders %s%s and the Add before it", name, traits[e.code].name, tx.eventAt(i))
}

// waitName describes what an operation that is not done waits for.
func waitName(c Code) string {
	switch c {
	case announce:
		return "Lock"
	case drain:
		return "Lock (for readers to leave)"
	case condWake:
		return "Wait (for Signal or Broadcast)"
	}
	return traits[c].name
}
