package crosscall

import "crosscall/internal/callqueue"

// Record is a call that its owner makes again and again, without waiting and
// without allocation: the caller-owned csd of smp_call_function_single_async, and
// with [Caller.QueueRecord] the kernel's irq_work. Any goroutine may post it.
type Record struct {
	csd *callqueue.CSD
	fn  func(*CPU)
}

// NewRecord makes a record for fn, which finds what it needs in what it
// captures.
func NewRecord(fn func(*CPU)) *Record {
	mustFunc(fn)
	return &Record{csd: callqueue.NewAsync(), fn: fn}
}

// PostRecord implements Caller.
func (k *calls) PostRecord(cpu int, r *Record) error {
	queued, err := k.QueueRecord(cpu, r)
	if err == nil && !queued {
		return ErrBusy
	}
	return err
}

// QueueRecord implements Caller.
func (k *calls) QueueRecord(cpu int, r *Record) (queued bool, err error) {
	k.mustOpen()
	if r == nil || r.csd == nil {
		panic("crosscall: Record not made by NewRecord")
	}
	k = k.self()
	if _, err := k.target(cpu); err != nil {
		return false, err
	}
	if !r.csd.TryLock() {
		return false, nil
	}
	if err := k.trySend(cpu, r.fn, r.csd); err != nil {
		r.csd.Unlock()
		return false, err
	}
	return true, nil
}
