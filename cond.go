package crosscall

import (
	"context"
	"crosscall/cpumask"
)

// CallCond runs fn on those CPUs of mask for which cond is true, and waits for all. The caller
// evaluates cond, once for each CPU of mask that is online. If cond is true for none, nothing
// runs and that is no error. See on_each_cpu_cond_mask in kernel/smp.c.
func (k *calls) CallCond(ctx context.Context, mask *cpumask.Mask, cond func(cpu int) bool, fn func(*CPU)) error {
	k.mustMany(mask, fn)
	m, err := k.filter(ctx, mask, cond)
	if err != nil {
		return err
	}
	return k.CallMany(ctx, &m, fn)
}

// PostCond is CallCond that does not wait.
func (k *calls) PostCond(mask *cpumask.Mask, cond func(cpu int) bool, fn func(*CPU)) error {
	k.mustMany(mask, fn)
	m, err := k.filter(context.Background(), mask, cond)
	if err != nil {
		return err
	}
	return k.PostMany(&m, fn)
}

// filter returns the online CPUs of mask for which cond is true. It is an error if
// none is online.
func (k *calls) filter(ctx context.Context, mask *cpumask.Mask, cond func(cpu int) bool) (m cpumask.Mask, err error) {
	snapshot := mask.Snapshot()
	for {
		online := 0
		for cpu := range snapshot.All() {
			if !k.sys.queue.Online(cpu) {
				continue
			}
			online++
			if cond(cpu) {
				m.Set(cpu)
			}
		}
		err := k.anySent(&snapshot, online)
		if !k.undecided(ctx, -1, &err) { // if it is undecided, cond is not evaluated yet
			return m, err
		}
	}
}
