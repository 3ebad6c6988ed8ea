package check

import "crosscall/memmodel/internal/csource"

// DefaultModel is the name of the model for a file when nobody asks for one: lkmm, or
// rc11 for what is written with C11's atomics or threads, or that of its machine for a test
// in assembly. What cannot be read has lkmm.
func DefaultModel(path string, src []byte, c csource.Options) string {
	in, err := parse(path, src, c)
	if err == nil && in.own() != "" {
		return in.own()
	}
	return "lkmm"
}
