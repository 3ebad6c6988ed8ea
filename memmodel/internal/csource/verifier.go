package csource

import (
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/primitive"
)

// The functions of SV-COMP, which programs declare and do not define.
//
//	__VERIFIER_assume(e)            as assume(e)
//	__VERIFIER_error(), reach_error()  fail; so does a body of reach_error
//	__VERIFIER_nondet_bool()        0 or 1
//	__VERIFIER_nondet_int() ...     some values (nondet.go): the flag nondet-range says so
//	__VERIFIER_atomic_begin(), __VERIFIER_atomic_end(), and functions whose names begin
//	with __VERIFIER_atomic_         take one lock, and release it
//	__VERIFIER_loop_bound(n)        nothing: loops end by themselves, or at --bound
//	refcount_warn_saturate(r, t)    fails: of the kernel, if lib/refcount.c is not included
//	abort()                         fails; in a program that calls any of the others it ends the execution

const (
	verifierPrefix = "__VERIFIER_"
	atomicPrefix   = verifierPrefix + "atomic_"
	nondetPrefix   = verifierPrefix + "nondet_"
	reachError     = "reach_error"
	loopBound      = verifierPrefix + "loop_bound" // of Dat3M
)

// nondetFlag says that only a few of the possible values of integers were tried.
const nondetFlag = "nondet-range"

// verifies reports whether a function, which has a body or not, is one of SV-COMP's.
func verifies(name string, body bool) bool {
	switch name {
	case reachError:
		return true
	case "abort", "__assert_fail", "refcount_warn_saturate", verifierPrefix + "error", atomicPrefix + "begin", atomicPrefix + "end", loopBound:
		return !body
	}
	return strings.HasPrefix(name, nondetPrefix) && !body
}

// verifier makes the code of one of these functions.
func (l *lowerer) verifier(e *expr) value {
	switch {
	case e.name == loopBound:
	case e.name == atomicPrefix+"begin":
		l.primitive("spin_lock", []*ir.Expr{known(l.atomicLock()).e}, nil, "")
	case e.name == atomicPrefix+"end":
		l.primitive("spin_unlock", []*ir.Expr{known(l.atomicLock()).e}, nil, "")
	case strings.HasPrefix(e.name, nondetPrefix):
		return l.nondet(e)
	case e.name == "abort" && l.src.verified:
		l.emit(ir.Instr{Op: ir.Assume, Val: known(0).e})
	case e.name == "__assert_fail" && len(e.args) > 0 && e.args[0].kind == stringExpr:
		l.emit(ir.Instr{Op: ir.Assert, Val: known(0).e, Says: "assert(" + e.args[0].name + ") fails"})
	default:
		l.emit(ir.Instr{Op: ir.Assert, Val: known(0).e})
	}
	return known(0)
}

// atomicLock is the lock of all atomic sections.
func (c *compiler) atomicLock() int64 {
	if c.atomic == 0 {
		cell := len(c.prog.Cells)
		c.prog.Cells = append(c.prog.Cells, ir.Cell{Name: "atomic section", Lock: true})
		c.prog.Cells = append(c.prog.Cells, make([]ir.Cell, gapCells)...)
		c.atomic = ir.AddrOf(cell)
	}
	return c.atomic
}

// ways makes one branch for each value.
func (l *lowerer) ways(values []int64) value {
	r, over := l.temp(), newLabel()
	last := len(values) - 1
	for _, k := range values[:last] {
		next := newLabel()
		l.goes(l.emit(ir.Instr{Op: ir.Fork}), next)
		l.set(r, known(k))
		l.jump(over)
		l.land(next)
	}
	l.set(r, known(values[last]))
	l.land(over)
	return loaded(r, intT)
}

// decided is the choice among n values in code that runs by itself. That code runs
// once for each Program, so each choice makes a Program of its own. A main that chooses in
// a loop, of which the number of rounds is not known here, is a thread instead.
func (l *lowerer) decided(n int64, at graph.Pos) int64 {
	if l.loops > 0 && l.creates {
		panic(notByItself{})
	}
	if l.loops > 0 {
		fail(at, "code that runs before or after the threads cannot choose in a loop")
	}
	i := len(l.asked)
	l.asked = append(l.asked, n)
	if i < len(l.chosen) {
		return l.chosen[i]
	}
	return 0
}

// maxVariants bounds the number of programs that choices in code which runs by itself
// make.
const maxVariants = 256

// Compile makes a program of the file. m defines the primitives. At each place
// in replace, the primitive of that name is used instead; "" leaves a fence
// out. Errors are of type *Error.
//
// The test has no condition: see ir.Test.Safety. It must be free of data races
// (ir.Test.RaceFree) if the program is one of C11, with a main. If code that runs
// by itself has choices, each further choice is an alternative of the test.
func (s *Source) Compile(m *primitive.Macros, replace map[graph.Pos]string) (t *ir.Test, err error) {
	defer catch(&err)
	t, asked := s.compile(m, replace, nil)
	chosen := make([]int64, len(asked))
	for more := next(chosen, asked); more; more = next(chosen, asked) {
		if len(t.Alternatives) == maxVariants && len(s.nondets) > len(fewValues) {
			few := *s
			few.nondets = fewValues
			return few.Compile(m, replace)
		}
		if len(t.Alternatives) == maxVariants {
			fail(graph.Pos{File: s.file, Line: 1, Col: 1}, "the choices in code that runs before or after the threads make more than %d programs", maxVariants)
		}
		other, _ := s.compile(m, replace, chosen)
		t.Alternatives = append(t.Alternatives, other)
	}
	return t, nil
}

// next adds one to a number whose digits each have their limit. It returns false after the
// largest.
func next(digits, limits []int64) bool {
	for i := range digits {
		if digits[i]++; digits[i] < limits[i] {
			return true
		}
		digits[i] = 0
	}
	return false
}
