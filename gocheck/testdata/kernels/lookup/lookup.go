// Package lookup asks a slow resolver, unless the caller gives up before.
package lookup

import "context"

// askBroken leaves the resolver alone with its answer when ctx ends.
func askBroken(ctx context.Context, resolve func() string) (string, error) {
	answer := make(chan string)
	go func() {
		answer <- resolve() // BUG leak: the caller has given up, and nobody receives the answer
	}()
	select {
	case a := <-answer:
		return a, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// askFixed gives the answer a place to stay.
func askFixed(ctx context.Context, resolve func() string) (string, error) {
	answer := make(chan string, 1)
	go func() {
		answer <- resolve()
	}()
	select {
	case a := <-answer:
		return a, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
