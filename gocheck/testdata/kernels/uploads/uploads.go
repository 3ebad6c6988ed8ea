// Package uploads sends parts of a file in parallel and reports the errors.
package uploads

import "sync"

// allBroken has room for one error, and reads it after the last part.
func allBroken(parts []func() error) error {
	errs := make(chan error, 1)
	var wg sync.WaitGroup
	for _, part := range parts {
		wg.Go(func() {
			if err := part(); err != nil {
				errs <- err // BUG deadlock: the second error finds the buffer full, and nobody reads before Wait
			}
		})
	}
	wg.Wait()
	close(errs)
	return <-errs
}

// allFixed has room for an error of each part.
func allFixed(parts []func() error) error {
	errs := make(chan error, len(parts))
	var wg sync.WaitGroup
	for _, part := range parts {
		wg.Go(func() {
			if err := part(); err != nil {
				errs <- err
			}
		})
	}
	wg.Wait()
	close(errs)
	return <-errs
}
