package crosscall

import (
	"fmt"
	"testing"

	"crosscall/cpumask"
)

// panicOf returns what f panics with.
func panicOf(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}

// A mistake of the caller is named, for every kind of caller.
func TestMistakesAreNamed(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		all := s.PossibleMask()
		yes := func(int) bool { return true }
		asCallers(t, s, func(t *testing.T, k Caller) {
			r := NewRecord(nop)
			for what, f := range map[string]func(){
				"nil mask: CallMany": func() { _ = k.CallMany(ctx, nil, nop) },
				"nil mask: PostMany": func() { _ = k.PostMany(nil, nop) },
				"nil mask: CallCond": func() { _ = k.CallCond(ctx, nil, yes, nop) },
				"nil mask: PostCond": func() { _ = k.PostCond(nil, yes, nop) },
				"nil mask: CallAny":  func() { _, _ = k.CallAny(ctx, nil, nop) },
				"nil mask: PostAny":  func() { _, _ = k.PostAny(nil, nop) },
				"nil mask: EvalMany": func() { _, _ = EvalMany(ctx, k, nil, (*CPU).ID) },
				"nil mask: SetIdle":  func() { _ = s.SetIdle(nil, nil) },

				"nil function: Call":           func() { _ = k.Call(ctx, 0, nil) },
				"nil function: Post":           func() { _ = k.Post(0, nil) },
				"nil function: TryPost":        func() { _ = k.TryPost(0, nil) },
				"nil function: PostContext":    func() { _ = k.PostContext(ctx, 0, nil) },
				"nil function: Async":          func() { _, _ = k.Async(0, nil) },
				"nil function: PostBackground": func() { _ = k.PostBackground(0, nil) },
				"nil function: AfterFence":     func() { _ = k.AfterFence(nil) },
				"nil function: CallMany":       func() { _ = k.CallMany(ctx, &all, nil) },
				"nil function: PostMany":       func() { _ = k.PostMany(&all, nil) },
				"nil function: CallCond":       func() { _ = k.CallCond(ctx, &all, yes, nil) },
				"nil function: PostCond":       func() { _ = k.PostCond(&all, yes, nil) },
				"nil function: CallAny":        func() { _, _ = k.CallAny(ctx, &all, nil) },
				"nil function: Stop":           func() { _ = k.Stop(ctx, nil) },
				"nil function: NewRecord":      func() { NewRecord(nil) },

				"Record not made by NewRecord: PostRecord of nil":   func() { _ = k.PostRecord(0, nil) },
				"Record not made by NewRecord: PostRecord of zero":  func() { _ = k.PostRecord(0, new(Record)) },
				"Record not made by NewRecord: QueueRecord of nil":  func() { _, _ = k.QueueRecord(0, nil) },
				"Record not made by NewRecord: QueueRecord of zero": func() { _, _ = k.QueueRecord(1, new(Record)) },
			} {
				wantPanic(t, what, f)
			}
			must(t, k.PostRecord(0, r))
			must(t, k.CallEvery(ctx, nop)) // nothing is left locked
		})
	})
}

func TestZeroSystem(t *testing.T) {
	var s System
	mask := cpumask.Of(0)
	r := NewRecord(nop)
	for what, f := range map[string]func(){
		"Call":           func() { _ = s.Call(ctx, 0, nop) },
		"Post":           func() { _ = s.Post(0, nop) },
		"TryPost":        func() { _ = s.TryPost(0, nop) },
		"PostContext":    func() { _ = s.PostContext(ctx, 0, nop) },
		"Async":          func() { _, _ = s.Async(0, nop) },
		"PostBackground": func() { _ = s.PostBackground(0, nop) },
		"AfterFence":     func() { _ = s.AfterFence(nop) },
		"NewBatch":       func() { NewBatch(&s) },
		"CallMany":       func() { _ = s.CallMany(ctx, &mask, nop) },
		"PostMany":       func() { _ = s.PostMany(&mask, nop) },
		"CallEvery":      func() { _ = s.CallEvery(ctx, nop) },
		"PostEvery":      func() { _ = s.PostEvery(nop) },
		"CallCond":       func() { _ = s.CallCond(ctx, &mask, nil, nop) },
		"PostCond":       func() { _ = s.PostCond(&mask, nil, nop) },
		"CallAny":        func() { _, _ = s.CallAny(ctx, &mask, nop) },
		"PostAny":        func() { _, _ = s.PostAny(&mask, nop) },
		"PostRecord":     func() { _ = s.PostRecord(0, r) },
		"QueueRecord":    func() { _, _ = s.QueueRecord(0, r) },
		"Eval":           func() { _, _ = Eval(ctx, &s, 0, (*CPU).ID) },
		"Fence":          func() { _ = s.Fence(ctx) },
		"Stop":           func() { _ = s.Stop(ctx, nop) },
		"Offline":        func() { _ = s.Offline(ctx, 0) },
		"Online":         func() { _ = s.Online(ctx, 0) },
		"SetIdle":        func() { _ = s.SetIdle(&mask, nil) },
		"Stats":          func() { s.Stats() },
		"Close":          func() { _ = s.Close() },
	} {
		wantPanic(t, "System not made by Open: "+what, f)
	}
}

// wantPanic fails the test unless f panics with a text with which what begins.
func wantPanic(t *testing.T, what string, f func()) {
	t.Helper()
	got := fmt.Sprint(panicOf(f))
	if n := len("crosscall: "); len(got) < n || len(what) < len(got)-n || got[n:] != what[:len(got)-n] {
		t.Errorf("%s: panicked with %q", what, got)
	}
}

// A mask with CPUs, none of them online, is ErrNoCPU for CallMany and CallAny.
// An empty mask, and a condition that holds for no CPU, are no error for
// CallMany.
func TestNoCPUOnline(t *testing.T) {
	overDesigns(t, 5, func(t *testing.T, s *System) {
		for _, cpu := range []int{1, 2, 3} {
			must(t, s.Offline(ctx, cpu))
		}
		yes, no := func(int) bool { return true }, func(int) bool { return false }
		never := func(*CPU) { t.Error("ran") }
		asCallers(t, s, func(t *testing.T, k Caller) {
			for _, mask := range []cpumask.Mask{cpumask.Of(1), cpumask.Of(1, 2, 3), cpumask.Of(2, 900), cpumask.Of(900)} {
				wantErr(t, "CallMany", k.CallMany(ctx, &mask, never), ErrNoCPU)
				wantErr(t, "PostMany", k.PostMany(&mask, never), ErrNoCPU)
				for _, cond := range []func(int) bool{yes, no} {
					wantErr(t, "CallCond", k.CallCond(ctx, &mask, cond, never), ErrNoCPU)
					wantErr(t, "PostCond", k.PostCond(&mask, cond, never), ErrNoCPU)
				}
				_, err := EvalMany(ctx, k, &mask, (*CPU).ID)
				wantErr(t, "EvalMany", err, ErrNoCPU)
			}
			some, none := cpumask.Of(0, 1, 4), cpumask.Mask{}
			must(t, k.CallMany(ctx, &none, never))
			must(t, k.PostMany(&none, never))
			must(t, k.CallCond(ctx, &none, yes, never))
			must(t, k.PostCond(&none, yes, never))
			must(t, k.CallCond(ctx, &some, no, never))
			must(t, k.PostCond(&some, no, never))
			must(t, k.CallMany(ctx, &some, nop))
			must(t, k.PostMany(&some, nop))
		})
		must(t, s.Close())
		mask := cpumask.Of(1)
		wantErr(t, "CallCond after Close", s.CallCond(ctx, &mask, yes, never), ErrClosed)
		wantErr(t, "PostCond after Close", s.PostCond(&mask, yes, never), ErrClosed)
	})
}
