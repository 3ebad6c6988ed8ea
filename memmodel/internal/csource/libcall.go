package csource

import "modernc.org/cc/v4"

// Some functions of the C library are the checker's own functions where they are called
// by name, so that errors and pictures have the place of the call. Where only their
// address is taken, they are those of this package's headers. They are no macros, because
// members of structs have such names: ops->free(p).
var standardCalls = map[string]struct {
	builtin string
	zero    bool // it has an argument more, which is 0
}{
	"free":   {builtin: "__cc_free"},
	"kfree":  {builtin: "__cc_free"},
	"exit":   {builtin: "__cc_exit_all"},
	"malloc": {builtin: "__cc_alloc", zero: true},
}

// standardCall makes e the call of such a function. It returns false if name is another, or
// is one that the program defines itself.
func (c *front) standardCall(e *expr, name string, n *cc.PostfixExpression) bool {
	call, ok := standardCalls[name]
	if !ok || c.defs[name] == nil || !isShim(position(c.defs[name]).File) {
		return false
	}
	e.kind, e.name, e.t = builtinExpr, call.builtin, c.types.of(n.Type(), e.at)
	return true
}
