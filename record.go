package crosscall

import "crosscall/internal/callqueue"

// Record is a call that its owner makes again and again, without waiting and
// without allocation: the caller-owned csd of smp_call_function_single_async, and
// with [Caller.QueueRecord] the kernel's irq_work. Any goroutine may post it.
type Record struct {
	csd *callqueue.CSD
	fn  func(*CPU)
}

// NewRecord makes a record for fn. fn has no argument for data: it uses the
// variables that it captures.
func NewRecord(fn func(*CPU)) *Record {
	mustFunc(fn)
	return &Record{csd: callqueue.NewAsync(), fn: fn}
}

// PostRecord has r's function run on cpu, without an allocation and without waiting.
// ErrBusy: r is in flight; it is free again when its function begins. ErrFull: there is no
// room. See smp_call_function_single_async in kernel/smp.c.
func (k *calls) PostRecord(cpu int, r *Record) error {
	queued, err := k.QueueRecord(cpu, r)
	if err == nil && !queued {
		return ErrBusy
	}
	return err
}

// QueueRecord is like PostRecord but coalesces: if r is in flight it returns false, and the
// pending run observes everything done before this call. If cpu goes offline first, only the
// caller that queued r gets ErrOffline. See irq_work_queue in kernel/irq_work.c.
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
