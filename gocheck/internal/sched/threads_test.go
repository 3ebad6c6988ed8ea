package sched

import "testing"

func TestThreads(t *testing.T) {
	var l threads
	main := l.add(nil, nil)
	kid := l.add(nil, main)
	l.add(nil, main).timer = &timer{}
	if kid.id != 1 || kid.parent != main || l.name(0) != "G0" || l.name(2) != "T2" || l.name(9) != "G9" {
		t.Error("threads are numbered as they are made, and named by what they are")
	}
	if l.anyoneLeft() || !l.alone(main) {
		t.Error("none has been started")
	}
	main.live, kid.live = true, true
	if !l.anyoneLeft() || l.alone(main) {
		t.Error("a kid is left")
	}
	main.live, kid.idle = false, true
	if l.anyoneLeft() {
		t.Error("a thread that may wait forever need not end")
	}
	kid.waiting, kid.waits = true, []seen{{obj: 3, version: 7}}
	if l.wake(3, 7); kid.woken || l.overtaken() {
		t.Error("version 7 is what the kid has seen")
	}
	if l.wake(3, 8); !kid.woken || !l.overtaken() {
		t.Error("version 8 comes after what the kid has seen")
	}
	if kid.ticked = true; l.overtaken() {
		t.Error("after a tick the kid goes on in this execution")
	}
}
