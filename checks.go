package crosscall

import "crosscall/cpumask"

// These report mistakes of a caller that would otherwise be a nil dereference.

func mustFunc(fn func(*CPU)) {
	if fn == nil {
		panic("crosscall: nil function")
	}
}

func mustMask(mask *cpumask.Mask) {
	if mask == nil {
		panic("crosscall: nil mask")
	}
}

// mustOpen panics for a System, or a CPU, that Open has not made.
func (k *calls) mustOpen() {
	if k.sys == nil {
		panic("crosscall: System not made by Open")
	}
}

func (k *calls) mustMany(mask *cpumask.Mask, fn func(*CPU)) {
	k.mustOpen()
	mustMask(mask)
	mustFunc(fn)
}
