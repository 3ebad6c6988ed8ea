// Package ferry waits for passengers, for a limited time.
package ferry

import (
	"context"
	"time"
)

// boardBroken begins a new context, so that the deadline does not hold within.
func boardBroken(_ context.Context, passengers <-chan string) []string {
	return wait(context.Background(), passengers)
}

// boardFixed hands on the context of its caller.
func boardFixed(ctx context.Context, passengers <-chan string) []string {
	return wait(ctx, passengers)
}

func wait(ctx context.Context, passengers <-chan string) (aboard []string) {
	for {
		select { // BUG deadlock: no passenger comes any more, and the context never ends
		case p := <-passengers:
			aboard = append(aboard, p)
		case <-ctx.Done():
			return aboard
		}
	}
}

func depart(board func(context.Context, <-chan string) []string, passengers <-chan string) []string {
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	return board(ctx, passengers)
}
