// Package courtesy is a lock for two by two flags.
package courtesy

import "sync/atomic"

type door struct {
	inside [2]atomic.Bool
}

// enterBroken looks at the other flag before it raises its own.
func (d *door) enterBroken(me int) bool {
	if d.inside[1-me].Load() {
		return false
	}
	d.inside[me].Store(true)
	return true
}

// enterFixed raises its own flag first.
func (d *door) enterFixed(me int) bool {
	d.inside[me].Store(true)
	if d.inside[1-me].Load() {
		d.inside[me].Store(false)
		return false
	}
	return true
}

func (d *door) leave(me int) { d.inside[me].Store(false) }
