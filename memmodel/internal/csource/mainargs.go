package csource

import (
	"regexp"
	"strings"
	"sync"

	"crosscall/memmodel/internal/ir"
)

// argcValues are the values that are tried for argc, where main uses it.
var argcValues = []int64{1, 2, 3}

// mainArguments are argc and argv, if main uses them. argv has three empty strings, and null
// pointers after argc. The flag nondet-range says that no others were tried.
func (l *lowerer) mainArguments() []argument {
	params := l.unit.src.main.params
	args := make([]argument, len(params))
	for i := range args {
		args[i].val = known(0)
	}
	if len(params) < 2 || !l.reads(params[0]) && !l.reads(params[1]) {
		return args
	}
	l.unit.nondets = true
	defer l.code.here(params[0].at)()
	if l.alone {
		args[0].val = known(argcValues[l.decided(int64(len(argcValues)), params[0].at)])
	} else {
		args[0].val = l.code.ways(argcValues)
	}
	list := &ctype{kind: arrayType, size: 8 * int64(len(argcValues)+1), name: "char *"}
	for i := range int64(len(argcValues) + 1) {
		list.leaves = append(list.leaves, leaf{off: 8 * i, name: "[" + string(rune('0'+i)) + "]", t: pointerT})
	}
	argv := l.locals.inMemory("argv", list)
	for i, n := range argcValues {
		there := operation(ir.Le, known(n), args[0].val, intT)
		empty := known(l.space.stringAt(&expr{kind: stringExpr, t: pointerT}))
		v := value{e: &ir.Expr{Op: ir.Cond, A: there.e, B: empty.e, C: known(0).e}}
		if there.isConst() {
			v = operation(ir.Mul, there, empty, longT)
		}
		l.mem.plainStore(place{reg: ir.NoReg, addr: known(argv + 8*int64(i)), t: pointerT}, v)
	}
	l.mem.plainStore(place{reg: ir.NoReg, addr: known(argv + 8*int64(len(argcValues))), t: pointerT}, known(0))
	args[1].val = known(argv)
	return args
}

// reads reports whether main uses one of its parameters.
func (l *lowerer) reads(v *variable) (found bool) {
	walkStmts(l.unit.src.main.body, func(e *expr) { found = found || e.v == v })
	return found
}

var integerConversion = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`%(?:hh|h|l|ll|z|j)?[dixu]`) })

// scan reads integers as scanf does: any of those that are tried for nondeterministic ones.
func (l *lowerer) scan(e *expr) value {
	format := e.args[0].name
	n := len(integerConversion().FindAllString(format, -1))
	if e.args[0].kind != stringExpr || strings.Count(format, "%") != n || n != len(e.args)-1 {
		fail(e.at, "scanf is supported for integers only, each read to a variable")
	}
	for _, a := range e.args[1:] {
		p := l.code.kept(l.rvalue(a), pointerT)
		if a.pointed == nil || a.pointed.kind != intType {
			fail(e.at, "scanf is supported for integers only, each read to a variable")
		}
		v := l.nondet(&expr{name: "scanf", at: e.at, t: a.pointed})
		l.mem.plainStore(place{reg: ir.NoReg, addr: p, t: a.pointed, class: p.class}, v)
	}
	return known(int64(n))
}
