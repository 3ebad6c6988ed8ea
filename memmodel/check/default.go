package check

import "crosscall/memmodel/internal/csource"

// DefaultModel is the name of the model for a file when none is asked for. A test in assembly
// has the model of its machine, a file with C11's atomics or threads has rc11, and any other
// file, also one that cannot be read, has lkmm.
func DefaultModel(path string, src []byte, c csource.Options) string {
	in, err := parse(path, src, c)
	if err == nil && in.own() != "" {
		return in.own()
	}
	return "lkmm"
}
