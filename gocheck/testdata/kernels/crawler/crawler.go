// Package crawler visits pages until its context ends.
package crawler

import "context"

// visitBroken waits for pages only.
func visitBroken(_ context.Context, pages <-chan string, seen chan<- string) {
	for p := range pages { // BUG leak: the context has ended, but the loop waits for the next page
		seen <- p
	}
}

// visitFixed ends with its context.
func visitFixed(ctx context.Context, pages <-chan string, seen chan<- string) {
	for {
		select {
		case p := <-pages:
			seen <- p
		case <-ctx.Done():
			return
		}
	}
}
