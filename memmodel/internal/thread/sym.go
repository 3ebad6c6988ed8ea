package thread

import "crosscall/memmodel/internal/ir"
import "math/bits"
import "slices"

// A Sym is a value that may not be known yet: an index into a path's Syms.
type Sym int32

// NoSym is the Sym of an event or a register without a value.
const NoSym Sym = -1

// A Term says what a Sym is: a constant (Op is Const), the value that the path's
// event number K reads (Op is Load), or an operation on others.
type Term struct {
	Op      ir.ExprOp
	K       int64
	A, B, C Sym
	Deps    Set // the events of the path that it depends on
	Reads   Set // those whose values it takes to compute it: x ^ x needs none
	// size is how often Eval would compute a term if it remembered nothing;
	// r = r + r doubles it each time.
	size int
}

// Set is a set of the events of one path.
type Set []uint64

// union returns s and t together; it may return one of them itself.
func (s Set) union(t Set) Set {
	switch {
	case len(s) == 0:
		return t
	case len(t) == 0:
		return s
	case len(s) < len(t):
		s, t = t, s
	}
	out := append(Set(nil), s...)
	for k, x := range t {
		out[k] |= x
	}
	return out
}

func single(i int) Set {
	s := make(Set, i>>6+1)
	s[i>>6] = 1 << (i & 63)
	return s
}

// has reports whether i is an element.
func (s Set) has(i int) bool { return i>>6 < len(s) && s[i>>6]>>(i&63)&1 != 0 }

// Each calls f with every element, in order.
func (s Set) Each(f func(i int)) {
	for k, x := range s {
		for ; x != 0; x &= x - 1 {
			f(k<<6 + bits.TrailingZeros64(x))
		}
	}
}

// Eval computes s, where read gives the values that events have read. ok is
// false if one of them is not known, or there is no result.
func (p *Path) Eval(s Sym, read func(event int) (int64, bool)) (v int64, ok bool) {
	e := evaluator{path: p, read: read}
	if p.Syms[s].size > maxTree {
		e.memo = make(map[Sym]result)
	}
	return e.eval(s)
}

// maxTree is the size of a term from which on Eval remembers what it computes.
const maxTree = 200

type evaluator struct {
	path *Path
	read func(event int) (int64, bool)
	memo map[Sym]result
}

type result struct {
	v  int64
	ok bool
}

func (e *evaluator) eval(s Sym) (v int64, ok bool) {
	t := &e.path.Syms[s]
	switch t.Op {
	case ir.Const:
		return t.K, true
	case ir.Load:
		return e.read(int(t.K))
	}
	if r, found := e.memo[s]; found {
		return r.v, r.ok
	}
	var args [3]int64
	ok = true
	for i, x := range [3]Sym{t.A, t.B, t.C} {
		if x != NoSym && ok {
			args[i], ok = e.eval(x)
		}
	}
	if ok {
		v, ok = t.Op.Apply(args[0], args[1], args[2])
	}
	if e.memo != nil {
		e.memo[s] = result{v, ok}
	}
	return v, ok
}

// differ reports whether the demands of the path say by themselves that a and b have
// different values.
func (p *Path) differ(a, b Sym) bool {
	x, y := &p.Syms[a], &p.Syms[b]
	return p.demandsUnequal(func(c, d *Term) bool { return same(c, x) && same(d, y) || same(c, y) && same(d, x) })
}

// same reports whether a and b are one constant, or what one read returns.
func same(a, b *Term) bool {
	return a == b || a.Op == b.Op && a.K == b.K && (a.Op == ir.Const || a.Op == ir.Load)
}

// ReadsDiffer reports whether the demands of the path say by themselves that two reads
// return different values, of which such holds.
func (p *Path) ReadsDiffer(such func(d, e int) bool) bool {
	return p.demandsUnequal(func(a, b *Term) bool { return a.Op == ir.Load && b.Op == ir.Load && such(int(a.K), int(b.K)) })
}

// demandsUnequal reports whether the path demands that two values differ which are such.
func (p *Path) demandsUnequal(such func(a, b *Term) bool) bool {
	return slices.ContainsFunc(p.Must, func(m Sym) bool {
		t, equal := &p.Syms[m], false
		for t.Op == ir.Not {
			t, equal = &p.Syms[t.A], !equal
		}
		return (t.Op == ir.Ne && !equal || t.Op == ir.Eq && equal) && such(&p.Syms[t.A], &p.Syms[t.B])
	})
}
