package csource

import "crosscall/memmodel/internal/ir"

// A frame is one inlined call.
type frame struct {
	fn     *function
	up     *frame
	vars   map[*variable]*binding
	labels map[any]*label
	brk    *label
	cont   *label
	// scope has the variables with a cleanup that are in scope. The lengths say
	// how many of them remain after a break and after a continue.
	scope               []*variable
	taken               []value // by alloca: it is freed at the end
	brkScope, contScope int

	ret    *label
	result place

	unnamed   []argument // see varargs.go
	unnamedAt int64      // their address; 0 if va_start was not there
}

// A binding is where a local variable is: in a register, in memory, or nowhere,
// if it always has its first value.
type binding struct {
	reg  ir.Reg
	addr int64
	val  value // val.e nil if there is none
}

// label is the label of the source in this call.
func (f *frame) label(of any) *label {
	b := f.labels[of]
	if b == nil {
		b = newLabel()
		f.labels[of] = b
	}
	return b
}

// binding is where a variable of this call, or of a function around it, is; nil if it is not declared.
func (f *frame) binding(v *variable) *binding {
	for ; f != nil; f = f.up {
		if b := f.vars[v]; b != nil {
			return b
		}
	}
	return nil
}

// depth is how many calls are active, and how many of them are calls of fn.
func (f *frame) depth(fn *function) (all, same int) {
	for ; f != nil; f = f.up {
		all++
		if f.fn == fn {
			same++
		}
	}
	return all, same
}

// hasLabels reports whether a jump may lead into this call or one around it.
func (f *frame) hasLabels() bool {
	for ; f != nil; f = f.up {
		if hasLabels(f.fn.body) {
			return true
		}
	}
	return false
}
