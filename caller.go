package crosscall

import (
	"context"

	"crosscall/cpumask"
)

// Caller is the interface for calls. It is implemented by [System], for any
// goroutine, and by [CPU], for the function that runs on it.
//
// Calls wait, Posts do not. Functions, masks and records must not be nil: a call
// panics then. The context bounds the
// waiting: when it ends, the call returns its error, and the function has run or
// will run, unless its request was still waiting for room. Several functions'
// errors are joined (errors.Join).
//
// Masks are read word by word while the call is made, and others may change them
// meanwhile by their atomic methods. CPUs of a mask that are offline are
// left out. If all of them are, the call returns ErrNoCPU. For an empty mask a
// call does nothing and returns no error.
type Caller interface {
	// Call runs fn on cpu and waits (smp_call_function_single). On the caller's
	// own CPU it runs at once.
	Call(ctx context.Context, cpu int, fn func(*CPU)) error
	// Post has fn run on cpu and does not wait for it. It waits only for room: 256
	// posts of a CPU to a CPU may be accepted and not have returned yet (64 where the
	// System has more than 32 CPUs, 16 with more than 128), and as many of all
	// goroutines together; by SingleQueue, that many times the number of CPUs and
	// one, of all callers together. A CPU serves others while it waits for room; at
	// its nesting limit (see [MaxNesting]) it gets ErrFull instead.
	Post(cpu int, fn func(*CPU)) error
	// PostContext is Post, but waits for room only until ctx ends.
	PostContext(ctx context.Context, cpu int, fn func(*CPU)) error
	// TryPost is Post that neither waits nor serves others: ErrFull if there is no
	// room. A function that uses only TryPost is not interleaved with others.
	TryPost(cpu int, fn func(*CPU)) error
	// Async is Post for a function that the caller waits for later, or not at all: it
	// waits for room in the same way. [Handle.Wait] says which callers may wait.
	Async(cpu int, fn func(*CPU)) (*Handle, error)

	// PostBackground has fn run on cpu when that CPU has nothing else to do. It
	// never waits. ErrFull: 1,024 such functions wait for cpu.
	//
	// These functions are a second class of work. One begins when no call and no post
	// waits, and at the latest when the CPU has run 256 other functions, or 1 ms has
	// passed, since the last one or since the CPU noticed that one waits. The CPU
	// checks this between batches of calls and posts; a batch is at most what the rings
	// of all its callers hold. In an idle function that does not return
	// ([System.SetIdle]) the 1 ms is not measured. The functions run in the order in
	// which they were posted, in no order with the caller's other calls, and never
	// within another function's wait. Stats do not count them; Offline, Close and Fence
	// wait for them.
	PostBackground(cpu int, fn func(*CPU)) error

	// CallMany runs fn on every CPU of mask, the caller's own too if it is in
	// there, and waits for all (on_each_cpu_mask).
	CallMany(ctx context.Context, mask *cpumask.Mask, fn func(*CPU)) error
	// PostMany is CallMany without waiting.
	PostMany(mask *cpumask.Mask, fn func(*CPU)) error

	// CallEvery runs fn on every online CPU and waits (on_each_cpu).
	CallEvery(ctx context.Context, fn func(*CPU)) error
	// PostEvery is CallEvery without waiting.
	PostEvery(fn func(*CPU)) error

	// CallAny runs fn on one CPU of mask and returns that CPU: the caller's own,
	// else one of the same NUMA node, else any (smp_call_function_any).
	CallAny(ctx context.Context, mask *cpumask.Mask, fn func(*CPU)) (cpu int, err error)
	// PostAny is CallAny without waiting.
	PostAny(mask *cpumask.Mask, fn func(*CPU)) (cpu int, err error)

	// CallCond runs fn on those CPUs of mask for which cond is true, and waits
	// (on_each_cpu_cond_mask). The caller evaluates cond, once for each CPU that is
	// online. If cond is true for none of these, nothing runs, and that is no
	// error.
	CallCond(ctx context.Context, mask *cpumask.Mask, cond func(cpu int) bool, fn func(*CPU)) error
	// PostCond is CallCond without waiting.
	PostCond(mask *cpumask.Mask, cond func(cpu int) bool, fn func(*CPU)) error

	// PostRecord has r's function run on cpu (smp_call_function_single_async). Like
	// TryPost it waits for nothing. ErrBusy: r is in flight. It is free again when
	// its function begins.
	PostRecord(cpu int, r *Record) error
	// QueueRecord is like PostRecord but coalesces (irq_work): if r is in flight it
	// returns false, and the pending run observes everything done before this call. If
	// the CPU goes offline first, only the caller that queued r gets ErrOffline.
	QueueRecord(cpu int, r *Record) (queued bool, err error)

	// Fence returns when every online CPU has passed a point where it held nothing:
	// between two functions, not within one, even one that waits (kick_all_cpus_sync).
	// So after Fence no function holds an object that was unlinked before it. A
	// function that calls Fence declares that it holds nothing itself. If it was
	// served during the wait of another function, Fence returns ErrDeadlock, unless
	// that function waits in [CPU.HoldingNothing] or in Fence.
	Fence(ctx context.Context) error
	// AfterFence has fn run once every CPU has passed such a point, and does not wait
	// (call_rcu). fn runs on the caller's CPU, or, for a goroutine, on some CPU; like a
	// post, it may run while another function of that CPU waits. Everything before AfterFence
	// happens before fn, and so does everything in a function that was running at that time.
	// Functions of one CPU run in the order of its AfterFence calls. There is one fence at a
	// time; functions that are added meanwhile share the next one. CPUs that sleep are not
	// woken for it.
	//
	// AfterFence may be used at any depth, and on a CPU that is offline; fn still runs
	// there. It returns ErrClosed once a Close has begun; Close waits for the
	// functions accepted before.
	AfterFence(fn func(*CPU)) error

	// Stop runs fn on one CPU while all others are held still (stop_machine). If a
	// CPU calls Stop, it runs fn itself. Several Stops run one after the other. Stop
	// is not ordered with the caller's posts: earlier posts may run after it. fn may
	// not wait for any CPU, its own included: its calls return ErrDeadlock. Its Posts
	// run afterwards, or return ErrDeadlock if there is no room. If ctx ends before
	// all CPUs are held, they are released and fn does not run.
	//
	// A function that calls Stop, or a System's Offline, should pass a context
	// that ends. Offline of a CPU waits for the functions there. If one of them
	// waits for another CPU, and a function there waits for this Stop, none of
	// the three makes progress.
	Stop(ctx context.Context, fn func(*CPU)) error
}

var (
	_ Caller = (*System)(nil)
	_ Caller = (*CPU)(nil)
)

// Result is what a function returned on a CPU.
type Result[T any] struct {
	CPU   int
	Value T
}

// Eval is Call for a function that returns a value.
func Eval[T any](ctx context.Context, c Caller, cpu int, fn func(*CPU) T) (T, error) {
	out := new(T)
	err := c.Call(ctx, cpu, func(c *CPU) { *out = fn(c) })
	if err != nil {
		// After ctx has ended the function may still write to out.
		var zero T
		return zero, err
	}
	return *out, nil
}

// EvalMany is CallMany for a function that returns a value. The results are in
// the order of the CPUs; one that panicked has none. When ctx has ended there
// are none at all, because functions may still run.
func EvalMany[T any](ctx context.Context, c Caller, mask *cpumask.Mask, fn func(*CPU) T) ([]Result[T], error) {
	mustMask(mask)
	snapshot := mask.Snapshot()
	slots := make(map[int]*Result[T], snapshot.Weight())
	for cpu := range snapshot.All() {
		slots[cpu] = &Result[T]{CPU: -1}
	}
	err := c.CallMany(ctx, &snapshot, func(c *CPU) {
		r := slots[c.ID()]
		r.Value = fn(c)
		r.CPU = c.ID()
	})
	if err != nil && ctx.Err() != nil {
		return nil, err
	}
	var out []Result[T]
	for cpu := range snapshot.All() {
		if r := slots[cpu]; r.CPU == cpu {
			out = append(out, *r)
		}
	}
	return out, err
}
