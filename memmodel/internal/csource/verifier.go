package csource

import (
	"strings"

	"crosscall/memmodel/internal/ir"
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
		l.mem.primitive("spin_lock", []*ir.Expr{known(l.space.atomicLock()).e}, nil, "")
	case e.name == atomicPrefix+"end":
		l.mem.primitive("spin_unlock", []*ir.Expr{known(l.space.atomicLock()).e}, nil, "")
	case strings.HasPrefix(e.name, nondetPrefix):
		return l.nondet(e)
	case e.name == "abort" && l.unit.src.verified:
		l.code.emit(ir.Instr{Op: ir.Assume, Val: known(0).e})
	case e.name == "__assert_fail" && len(e.args) > 0 && e.args[0].kind == stringExpr:
		l.code.emit(ir.Instr{Op: ir.Assert, Val: known(0).e, Says: "assert(" + e.args[0].name + ") fails"})
	default:
		l.code.emit(ir.Instr{Op: ir.Assert, Val: known(0).e})
	}
	return known(0)
}
