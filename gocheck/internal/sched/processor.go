package sched

// There is one processor, number 0, as the program is told by GOMAXPROCS.
const processor = "processor 0"

// Pin is the runtime's procPin, which an unpin follows. The goroutine is not really
// pinned: the runtime could not switch to another one then.
//
// Claim: a lock that goroutines hold while they are pinned allows nothing that a machine
// does not do. Proof: goroutines that are pinned to one processor run one after another,
// each with the memory that the last one has left. Others may run meanwhile on other
// processors, as they may here. The smallest program: two goroutines pin themselves and
// count in the slot of their processor, which is no race; a third one that counts there
// without a pin races.
func (x *Explorer) Pin() {
	if x.killing {
		x.leave()
	}
	t := x.cur
	if t.pins == 0 {
		x.NameObject(&x.processor, processor, processor)
		x.Lock(&x.processor, processor)
	}
	t.pins++
}

// Unpin is procUnpin. It reports whether the goroutine is no longer pinned.
func (x *Explorer) Unpin() bool {
	if x.killing {
		x.leave()
	}
	t := x.cur
	if t.pins == 0 {
		x.fail(Misuse, "procUnpin without procPin")
	}
	if t.pins--; t.pins > 0 {
		return false
	}
	x.Unlock(&x.processor, processor)
	return true
}
