package execgraph

import (
	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/thread"
)

// values follows what each event reads and writes, as far as rf decides it.
type values struct {
	st    *Structure
	known []bool
	val   []int64
	// users lists, by read, what is computed from it.
	users    [][]int32
	formulas []formula
	trail    []int32 // reads whose value became known
	readers  [][]int // by write: the reads that read from it
}

// A formula is something computed from reads: what a write writes, or a value
// that must not be zero.
type formula struct {
	path    *thread.Path
	base    int
	sym     thread.Sym
	write   int // the event that writes it, or -1 if it must not be zero
	unknown int // reads that it waits for
}

// load prepares for a structure. It returns false if a value that must not be
// zero is.
func (v *values) load(s *Structure) bool {
	v.st = s
	n := len(s.Events)
	v.known = append(v.known[:0], make([]bool, n)...)
	v.val = append(v.val[:0], make([]int64, n)...)
	for len(v.users) < n {
		v.users, v.readers = append(v.users, nil), append(v.readers, nil)
	}
	for e := range n {
		v.users[e], v.readers[e] = v.users[e][:0], v.readers[e][:0]
	}
	v.formulas, v.trail = v.formulas[:0], v.trail[:0]
	for e, ev := range s.Events {
		switch {
		case ev.Thread == graph.InitThread:
			v.known[e], v.val[e] = true, s.Prog.Cells[ev.Loc].Init
		case ev.Kind.Writes():
			p, i := s.Path(e)
			v.add(p, s.Base[ev.Thread], p.Write[i], e)
		}
	}
	ok := true
	for t, p := range s.Paths {
		for _, x := range p.Must {
			ok = v.add(p, s.Base[t], x, -1) && ok
		}
	}
	return ok
}

// add enters a formula. It returns false if its value is known and wrong.
func (v *values) add(p *thread.Path, base int, x thread.Sym, write int) bool {
	f := formula{path: p, base: base, sym: x, write: write}
	at := int32(len(v.formulas))
	p.Syms[x].Reads.Each(func(e int) {
		v.users[base+e] = append(v.users[base+e], at)
		f.unknown++
	})
	v.formulas = append(v.formulas, f)
	return f.unknown > 0 || v.compute(&f)
}

// eval computes x of path p, if what it needs is known.
func (v *values) eval(p *thread.Path, base int, x thread.Sym) (int64, bool) {
	if t := &p.Syms[x]; t.Op == ir.Load {
		e := base + int(t.K)
		return v.val[e], v.known[e]
	}
	return p.Eval(x, func(e int) (int64, bool) { return v.val[base+e], v.known[base+e] })
}

// compute evaluates a formula that waits for nothing.
func (v *values) compute(f *formula) bool {
	x, ok := v.eval(f.path, f.base, f.sym)
	if f.write < 0 {
		return ok && x != 0
	}
	if !ok {
		return true // a division by zero: no value
	}
	v.known[f.write], v.val[f.write] = true, x
	for _, r := range v.readers[f.write] {
		if !v.learn(r, x) {
			return false
		}
	}
	return true
}

// learn enters that read r returns x. It returns false if that makes something
// zero that must not be.
func (v *values) learn(r int, x int64) bool {
	v.known[r], v.val[r] = true, x
	v.trail = append(v.trail, int32(r))
	ok := true
	for _, u := range v.users[r] {
		f := &v.formulas[u]
		if f.unknown--; f.unknown == 0 && ok {
			ok = v.compute(f)
		}
	}
	return ok
}

// readFrom enters rf(w, r).
func (v *values) readFrom(w, r int) bool {
	v.readers[w] = append(v.readers[w], r)
	return !v.known[w] || v.learn(r, v.val[w])
}

// undo takes back readFrom(w, r), the last, and all that was learnt since the
// trail had length mark.
func (v *values) undo(w, mark int) {
	for k := len(v.trail) - 1; k >= mark; k-- {
		r := v.trail[k]
		v.known[r] = false
		for _, u := range v.users[r] {
			f := &v.formulas[u]
			if f.unknown == 0 && f.write >= 0 {
				v.known[f.write] = false
			}
			f.unknown++
		}
	}
	v.trail = v.trail[:mark]
	v.readers[w] = v.readers[w][:len(v.readers[w])-1]
}
