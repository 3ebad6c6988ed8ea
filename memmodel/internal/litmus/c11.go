package litmus

import (
	"slices"
	"strings"
)

// C11 reports whether the test uses the atomics of C11.
func (a *AST) C11() bool {
	return slices.ContainsFunc(a.calls, func(name string) bool { return strings.HasPrefix(name, "c11_") })
}
