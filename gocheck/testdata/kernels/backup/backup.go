// Package backup copies volumes in parallel.
package backup

import "sync"

// copyBroken assigns the error of each copy to one variable.
func copyBroken(volumes []func() error) error {
	var err error
	var wg sync.WaitGroup
	for _, volume := range volumes {
		wg.Go(func() {
			err = volume() // BUG race: the goroutines assign to one captured variable
		})
	}
	wg.Wait()
	return err
}

// copyFixed has an error for each of them.
func copyFixed(volumes []func() error) error {
	errs := make([]error, len(volumes))
	var wg sync.WaitGroup
	for i, volume := range volumes {
		wg.Go(func() {
			errs[i] = volume()
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
