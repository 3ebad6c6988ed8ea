// Package headers adds a header of its own to those that all requests share.
package headers

import "slices"

// withBroken appends to the shared slice.
func withBroken(common []string, h string) []string {
	return append(common, h) // BUG race: the shared slice has spare capacity, and both append into it
}

// withFixed appends to a slice without spare capacity.
func withFixed(common []string, h string) []string {
	return append(slices.Clip(common), h)
}
