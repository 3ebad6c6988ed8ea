package check

import "crosscall/memmodel/internal/csource"

// DefaultModel is the name of the model for a file if none is asked for: rc11 for files
// with C11's atomics or threads, and otherwise lkmm. A file that cannot be read has
// lkmm.
func DefaultModel(path string, src []byte, c csource.Options) string {
	in, err := parse(path, src, c)
	if err == nil && in.C11() {
		return c11Model
	}
	return "lkmm"
}

const c11Model = "rc11"
