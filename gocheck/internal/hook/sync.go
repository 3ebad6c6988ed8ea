package hook

import (
	"unsafe"

	"crosscall/gocheck/internal/sched"
)

// on makes an operation of a method of the explorer on an object.
func on(kind string, f func(x *sched.Explorer, h *sched.Header, kind string)) operation {
	return func(x *sched.Explorer, p unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
		f(x, header(p, kind), kind)
		return 0, nil
	}
}

// unlock is on, for methods that release a lock: a loop may end a round there.
func unlock(kind string, f func(x *sched.Explorer, h *sched.Header, kind string)) operation {
	return func(x *sched.Explorer, p unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
		f(x, header(p, kind), kind)
		x.Unlocked(stack)
		return 0, nil
	}
}

// try is on, for methods that may fail.
func try(kind string, f func(x *sched.Explorer, h *sched.Header, kind string) bool) operation {
	return func(x *sched.Explorer, p unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
		ok := f(x, header(p, kind), kind)
		if !ok {
			looked(x)
		}
		return b2u(ok), nil
	}
}

func init() {
	const mutex, rw, group, once, cond, pool = "Mutex", "RWMutex", "WaitGroup", "Once", "Cond", "Pool"
	for op, f := range map[uintptr]operation{
		crosscallLock:          on(mutex, (*sched.Explorer).Lock),
		crosscallTryLock:       try(mutex, (*sched.Explorer).TryLock),
		crosscallUnlock:        unlock(mutex, (*sched.Explorer).Unlock),
		crosscallRLock:         on(rw, (*sched.Explorer).RLock),
		crosscallTryRLock:      try(rw, (*sched.Explorer).TryRLock),
		crosscallRUnlock:       unlock(rw, (*sched.Explorer).RUnlock),
		crosscallWLock:         on(rw, (*sched.Explorer).LockRW),
		crosscallTryWLock:      try(rw, (*sched.Explorer).TryLockRW),
		crosscallWUnlock:       unlock(rw, (*sched.Explorer).Unlock),
		crosscallGroupWait:     on(group, (*sched.Explorer).WaitGroup),
		crosscallOnceLeave:     on(once, (*sched.Explorer).LeaveOnce),
		crosscallCondSignal:    on(cond, func(x *sched.Explorer, h *sched.Header, kind string) { x.SignalCond(h, kind, false) }),
		crosscallCondBroadcast: on(cond, func(x *sched.Explorer, h *sched.Header, kind string) { x.SignalCond(h, kind, true) }),

		crosscallGroupAdd: func(x *sched.Explorer, p unsafe.Pointer, n, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
			return b2u(x.AddGroup(header(p, group), group, int(n))), nil
		},
		crosscallOnceEnter: func(x *sched.Explorer, p unsafe.Pointer, done, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
			if done != 0 && !headers.has(p, once) {
				return 0, nil // done before the execution began
			}
			return b2u(x.EnterOnce(header(p, once), once)), nil
		},
		crosscallCondEnqueue: func(x *sched.Explorer, p unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
			return uintptr(x.EnqueueCond(header(p, cond), cond)), nil
		},
		crosscallCondAwait: func(x *sched.Explorer, p unsafe.Pointer, ticket, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
			x.AwaitCond(header(p, cond), cond, int32(ticket))
			return 0, nil
		},
		crosscallPoolPut: func(x *sched.Explorer, p unsafe.Pointer, _, _ uintptr, v unsafe.Pointer) (uintptr, unsafe.Pointer) {
			x.PutPool(header(p, pool), pool, *(*any)(v))
			return 0, nil
		},
		crosscallPoolGet: func(x *sched.Explorer, p unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
			if v, ok := x.GetPool(header(p, pool), pool); ok {
				return 1, unsafe.Pointer(&v)
			}
			return 0, nil
		},
	} {
		operations[op] = f
	}
}
