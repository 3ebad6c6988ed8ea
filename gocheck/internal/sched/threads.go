package sched

import "fmt"

// threads are the threads that the program has had in any run, by number.
type threads []*thread

// add makes a thread of x that parent starts.
func (l *threads) add(x *Explorer, parent *thread) *thread {
	t := &thread{x: x, id: int32(len(*l)), parent: parent}
	*l = append(*l, t)
	return t
}

// lineage names t in the same way in all executions, and in all explorers: which child of
// its parent it is, and the same of its ancestors before.
func (t *thread) lineage() []int {
	if t.parent == nil {
		return nil
	}
	return append(t.parent.lineage(), t.nth)
}

// name is G and a number, or T for the thread of a timer.
func (l threads) name(id int32) string {
	if int(id) < len(l) && l[id].timer != nil {
		return fmt.Sprintf("T%d", id)
	}
	return fmt.Sprintf("G%d", id)
}

// anyoneLeft reports whether a goroutine that should end has not ended.
func (l threads) anyoneLeft() bool {
	for _, t := range l {
		if t.live && !t.idle {
			return true
		}
	}
	return false
}

// overtaken reports whether something has changed that a waiting thread has read.
// It is then not stuck: its next steps are explored in the execution in which its
// round comes later.
func (l threads) overtaken() bool {
	for _, t := range l {
		if t.live && t.waiting && t.woken && !t.ticked {
			return true
		}
	}
	return false
}

// wake lets the threads go on that wait for a change of an object, which has got this
// version.
func (l threads) wake(obj int32, version uint32) {
	for _, t := range l {
		if t.live && t.waiting && contains(t.waits, seen{obj: obj, version: version - 1}) {
			t.woken = true
		}
	}
}

// alone reports whether no thread but t is left that can run.
func (l threads) alone(t *thread) bool {
	for _, u := range l {
		if u.live && u != t {
			return false
		}
	}
	return true
}
