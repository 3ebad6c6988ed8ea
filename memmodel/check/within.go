package check

import (
	"context"
	"time"
)

// grace is how long work may take to stop.
const grace = time.Second

// Within does what does not look at ctx itself, as parsers do. Where ctx ends first, the
// work is left to itself after a grace, and ok is false: nothing that it has or does may
// be used any more.
func Within[T any](ctx context.Context, do func() T) (v T, ok bool) {
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
