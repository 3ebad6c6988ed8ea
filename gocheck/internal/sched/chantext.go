package sched

import (
	"slices"
	"strings"
)

func (x *Explorer) note1(detail string) {
	if x.Recording() {
		x.Note("%s", detail)
	}
}

func (x *Explorer) noteCase(s *selection, i int, closed bool) {
	if !x.Recording() {
		return
	}
	last := &x.rec.steps[x.rec.last[x.cur.id]]
	last.Object = int(x.chans.at(s.chans[i]).obj)
	last.Detail = "receive"
	if s.cases[i].Send {
		last.Detail = "send"
	}
	if closed {
		last.Detail += ": closed"
	}
}

// waitsAt describes what t waits for, with the cases as in the source, sends
// first: the compiler puts receives in the opposite order.
func (x *Explorer) waitsAt(t *thread) string {
	s := t.sel
	var sends, receives []string
	for i, c := range s.cases {
		if c.Send {
			sends = append(sends, x.chanName(s.chans[i])+" <-")
		} else {
			receives = append(receives, "<-"+x.chanName(s.chans[i]))
		}
	}
	slices.Reverse(receives)
	switch {
	case len(s.cases) == 0:
		return "waits in a select without cases"
	case len(s.cases) > 1:
		return "waits in a select for " + strings.Join(append(sends, receives...), " or ")
	case len(sends) == 1:
		return "waits to send to " + x.chanName(s.chans[0])
	}
	return "waits to receive from " + x.chanName(s.chans[0])
}

func (x *Explorer) chanName(id int32) string {
	if id < 0 {
		return "a nil channel"
	}
	return x.objectName(x.chans.at(id).obj)
}
