package check

import (
	"context"
	"time"
)

// grace is how long work may take to stop.
const grace = time.Second

// within runs work that does not check ctx itself, such as parsers. If ctx ends first,
// the work is abandoned after a grace period, and ok is false: nothing that the work
// uses or returns may be used any more.
func within[T any](ctx context.Context, do func() T) (v T, ok bool) {
	if ctx.Done() == nil {
		return do(), true
	}
	done := make(chan T, 1)
	go func() { done <- do() }()
	select {
	case v = <-done:
		return v, true
	case <-ctx.Done():
	}
	late := time.NewTimer(grace)
	defer late.Stop()
	select {
	case v = <-done:
		return v, true
	case <-late.C:
		return v, false
	}
}
