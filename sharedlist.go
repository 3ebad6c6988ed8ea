package crosscall

import (
	"context"

	"crosscall/cpumask"
	"crosscall/internal/callqueue"
)

// allBut is a mask without one CPU, read from the live mask word by word.
type allBut struct {
	mask *cpumask.Mask
	cpu  int
}

// Word implements callqueue.MaskWords.
func (a *allBut) Word(i int) uint64 {
	w := a.mask.Word(i)
	if a.cpu/64 == i {
		w &^= 1 << (a.cpu % 64)
	}
	return w
}

// callShared is CallMany by the shared list. As in the kernel, a call with one
// target is no call to many.
func (k *calls) callShared(ctx context.Context, mask *cpumask.Mask, fn func(*CPU)) error {
	targets := mask.Snapshot()
	if others, _ := k.split(&targets); k.online(&others) < 2 {
		return k.callEach(ctx, &targets, fn)
	}
	if err := k.mayWait(); err != nil {
		return err
	}
	w := k.newWait()
	w.arm(1)
	if !k.share(mask, fn, w.csd) {
		w.csd.Unlock()
		w.free()
		targets = mask.Snapshot()
		return k.callEach(ctx, &targets, fn)
	}
	var errs []error
	if _, here := k.split(&targets); here {
		errs = appendErr(errs, k.cpu.in.Run(k.src, fn))
	}
	return joined(appendErr(errs, w.wait(ctx, nil, fn)))
}

func (k *calls) online(mask *cpumask.Mask) (n int) {
	for cpu := range mask.All() {
		if k.sys.queue.Online(cpu) {
			n++
		}
	}
	return n
}

// share sends fn to the CPUs of mask by the source's record. A waiting call
// leaves this CPU out; a post is queued here as on the other CPUs.
//
// False: nothing was sent, and this call must send each target a request of its
// own. The reason may be that all CPUs of the mask are offline, or were cleared.
// Or an earlier call by that record is not done. The kernel's csd_lock waits in
// that case. Here the earlier call may be waiting for the function that makes this
// one: A calls many, its function on B calls A, and the function there calls many.
func (k *calls) share(mask *cpumask.Mask, fn func(*CPU), csd *callqueue.CSD) bool {
	var words callqueue.MaskWords = mask
	if k.cpu != nil && csd != nil {
		k.cpu.share = allBut{mask, k.cpu.id}
		words = &k.cpu.share
	}
	n, ok := k.src.TryShare(words, fn, csd)
	return ok && n > 0
}
