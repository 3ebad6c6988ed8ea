package csource

import (
	"strconv"

	"crosscall/memmodel/internal/ir"
)

// The arguments of a call that have no names are cells of eight bytes each, in the order of the call. A va_list is the
// address of the next one, and va_arg converts what is there. va_start writes the cells: the arguments of a
// function put in line are known there.

// varargs is __cc_varargs(): the address of the first of these arguments.
func (l *lowerer) varargs(e *expr) value {
	f := l.frame
	if f.unnamedAt == 0 {
		t := &ctype{kind: arrayType, name: "arguments", size: 8 * int64(max(len(f.unnamed), 1))}
		for i := range t.size / 8 {
			t.leaves = append(t.leaves, leaf{off: 8 * i, name: "[" + strconv.FormatInt(i, 10) + "]", t: longT})
		}
		f.unnamedAt = l.locals.inMemory(f.fn.name+" arguments", t)
	}
	for i, a := range f.unnamed {
		if a.at.t != nil {
			fail(e.at, "%s is called with a struct among the arguments that have no names: that is not supported, pass its address", f.fn.name)
		}
		l.mem.plainStore(place{reg: ir.NoReg, addr: known(f.unnamedAt + 8*int64(i)), t: longT}, a.val)
	}
	return known(f.unnamedAt)
}

// keepUnnamed keeps the arguments of a call that have no names, for va_start.
func (l *lowerer) keepUnnamed(f *frame, args []argument, e *expr) {
	for i := len(f.fn.params); i < len(args) && i < len(e.args); i++ {
		a := args[i]
		if a.at.t == nil {
			a.val = l.code.kept(a.val, e.args[i].t)
		}
		f.unnamed = append(f.unnamed, a)
	}
}
