package crosscall

import (
	"context"
	"crosscall/cpumask"
	"crosscall/internal/topology"
	"errors"
)

// CallAny runs fn on one online CPU of mask, waits, and returns that CPU: the caller's own,
// else one of the same NUMA node, else any. ErrNoCPU, with -1: none is online. Errors of fn
// are returned with the CPU. See smp_call_function_any in kernel/smp.c.
func (k *calls) CallAny(ctx context.Context, mask *cpumask.Mask, fn func(*CPU)) (cpu int, err error) {
	return k.any(mask, func(cpu int) error { return k.Call(ctx, cpu, fn) })
}

// PostAny has fn run on one online CPU of mask, chosen as by CallAny, and does not wait for it.
func (k *calls) PostAny(mask *cpumask.Mask, fn func(*CPU)) (cpu int, err error) {
	return k.any(mask, func(cpu int) error { return k.Post(cpu, fn) })
}

// any tries the nearest CPU of mask, and the next one if that has gone offline.
func (k *calls) any(mask *cpumask.Mask, call func(cpu int) error) (int, error) {
	k.mustOpen()
	mustMask(mask)
	left := mask.Snapshot()
	left = left.And(&k.sys.possible)
	for {
		cpu := k.nearest(&left)
		if cpu >= 0 && !k.sys.queue.Online(cpu) { // it may be going offline, and a call to it would wait for that
			online := k.sys.OnlineMask()
			if online = online.And(&left); !online.Empty() {
				cpu = k.nearest(&online)
			}
		}
		if cpu < 0 {
			return -1, ErrNoCPU
		}
		err := call(cpu)
		if _, ran := err.(*PanicError); ran {
			return cpu, err // fn has run, even if it panicked with ErrOffline
		}
		if errors.Is(err, ErrClosed) {
			return -1, err
		}
		if !errors.Is(err, ErrOffline) {
			return cpu, err
		}
		left.Clear(cpu)
	}
}

// here returns the CPU that the caller runs on, -1 if unknown, and its node.
func (k *calls) here() (cpu, node int) {
	if c := k.cpu; c != nil {
		return c.id, c.node
	}
	if cpu = topology.Current(); cpu < 0 {
		return -1, -1
	}
	return cpu, k.sys.topo.Node(cpu)
}

// nearest returns this CPU, else one of its node, else any; -1: mask is empty.
func (k *calls) nearest(mask *cpumask.Mask) int {
	this, node := k.here()
	if this >= 0 && mask.Test(this) {
		return this
	}
	for cpu := range mask.All() {
		if k.sys.cpus[cpu].node == node {
			return cpu
		}
	}
	return mask.First()
}
