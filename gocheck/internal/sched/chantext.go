package sched

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
