package atomic

import "crosscall/gocheck/internal/sched"

// cell has the methods that all types of sync/atomic have.
type cell[T any] interface {
	Load() T
	Store(T)
	Swap(T) T
	CompareAndSwap(T, T) bool
}

// number has the further methods of the integers.
type number[T any] interface {
	cell[T]
	Add(T) T
	And(T) T
	Or(T) T
}

func load[T comparable, C cell[T]](h *sched.Header, c C, typ string) T {
	x := sched.Active()
	if x == nil {
		return c.Load()
	}
	x.Enter(h, typ, sched.Load)
	v := c.Load()
	x.Leave(sched.Read, false)
	if x.Recording() {
		x.Note("Load() = %s", show(v))
	}
	return v
}

func store[T comparable, C cell[T]](h *sched.Header, c C, typ string, v T) {
	x := sched.Active()
	if x == nil {
		c.Store(v)
		return
	}
	x.Enter(h, typ, sched.Store)
	old := c.Swap(v)
	x.Changed(old != v)
	if x.Recording() {
		x.Note("Store(%s)", show(v))
	}
}

func swap[T comparable, C cell[T]](h *sched.Header, c C, typ string, v T) T {
	x := sched.Active()
	if x == nil {
		return c.Swap(v)
	}
	return change(x, h, c, typ, sched.Swap, v, func() T { return c.Swap(v) })
}

func compareAndSwap[T comparable, C cell[T]](h *sched.Header, c C, typ string, old, v T) bool {
	x := sched.Active()
	if x == nil {
		return c.CompareAndSwap(old, v)
	}
	x.Enter(h, typ, sched.CompareAndSwap)
	ok := c.CompareAndSwap(old, v)
	k := sched.Read
	if ok {
		k = sched.Write
	}
	x.Leave(k, ok && old != v)
	switch {
	case !x.Recording():
	case ok:
		x.Note("CompareAndSwap(%s, %s) = true", show(old), show(v))
	default:
		x.Note("CompareAndSwap(%s, %s) = false: it is %s", show(old), show(v), show(c.Load()))
	}
	return ok
}

func add[T comparable, C number[T]](h *sched.Header, c C, typ string, v T) T {
	x := sched.Active()
	if x == nil {
		return c.Add(v)
	}
	change(x, h, c, typ, sched.Add, v, func() T { was := c.Load(); c.Add(v); return was })
	return c.Load()
}

func and[T comparable, C number[T]](h *sched.Header, c C, typ string, v T) T {
	x := sched.Active()
	if x == nil {
		return c.And(v)
	}
	return change(x, h, c, typ, sched.And, v, func() T { return c.And(v) })
}

func or[T comparable, C number[T]](h *sched.Header, c C, typ string, v T) T {
	x := sched.Active()
	if x == nil {
		return c.Or(v)
	}
	return change(x, h, c, typ, sched.Or, v, func() T { return c.Or(v) })
}

// change runs a read-modify-write that returns the old value.
func change[T comparable, C cell[T]](x *sched.Explorer, h *sched.Header, c C, typ string, code sched.Code, arg T, f func() T) T {
	x.Enter(h, typ, code)
	was := f()
	now := c.Load()
	x.Changed(was != now)
	if x.Recording() {
		x.Note("%s(%s): %s to %s", sched.CodeName(code), show(arg), show(was), show(now))
	}
	return was
}

func show[T any](v T) string { return sched.Show(v) }
