package check

import (
	"context"
	"time"
)

// grace is how long do may go on after ctx has ended.
const grace = time.Second

// Within runs a function that does not observe ctx, such as a parser. If ctx ends first,
// Within waits for a second, abandons the function's goroutine and returns false. Then the
// caller must not use anything that the function can still change.
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
