package sched

import "strings"

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
	last.Object = int(x.chans[s.chans[i]].obj)
	last.Detail = "receive"
	if s.cases[i].Send {
		last.Detail = "send"
	}
	if closed {
		last.Detail += ": it is closed"
	}
}

// waitsAt says what t waits for, for people.
func (x *Explorer) waitsAt(t *thread) string {
	s := t.sel
	var list []string
	for i, c := range s.cases {
		what := "receive from "
		if c.Send {
			what = "send to "
		}
		list = append(list, what+x.chanName(s.chans[i]))
	}
	switch len(list) {
	case 0:
		return "waits in a select without cases"
	case 1:
		return "waits to " + list[0]
	}
	return "waits in a select to " + strings.Join(list, " or ")
}

func (x *Explorer) chanName(id int32) string {
	if id < 0 {
		return "a nil channel"
	}
	if n := x.objectName(x.chans[id].obj); strings.HasPrefix(n, "channel") {
		return n
	}
	return "channel " + x.objectName(x.chans[id].obj)
}
