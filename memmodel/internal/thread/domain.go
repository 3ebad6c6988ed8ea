package thread

import "crosscall/memmodel/internal/ir"
import "slices"

// A Domain bounds the values that each cell can have: all that is ever written
// to it, by an analysis that knows nothing of order. It keeps the unfolding
// from following pointers that nothing points to and branches that nothing
// takes.
//
// It takes every branch to be possible, even one that only a value which is
// written behind it opens: whether a value may come out of thin air in this way
// is for the memory model to say. Of pointers it knows less: an access through
// one that only a write behind it would give its value is not found. All
// models that keep the order from an address or a branch to later writes of
// the thread forbid that.
type Domain struct {
	cells []cellValues
	// learning: the values are not complete, so they rule no branch out yet.
	learning bool
}

type cellValues struct {
	known []int64
	any   bool // too many to list
}

// Beyond these, a set of values is taken to be everything.
const (
	maxValues = 64
	maxCombos = 4096
)

func newDomain(p *ir.Program) *Domain {
	d := &Domain{cells: make([]cellValues, len(p.Cells))}
	for i := range p.Cells {
		d.cells[i].known = []int64{p.Cells[i].Init}
	}
	return d
}

// add puts v among the values of cell, and reports whether that is new.
func (d *Domain) add(cell int, v int64) bool {
	c := &d.cells[cell]
	if c.any || slices.Contains(c.known, v) {
		return false
	}
	if len(c.known) >= maxValues {
		c.any = true
		return true
	}
	c.known = append(c.known, v)
	return true
}

// values calls f with what s can be. It returns false if it cannot list all.
func (d *Domain) values(p *Path, s Sym, f func(int64)) bool {
	var reads []int
	combos := 1
	unbounded := false
	p.Syms[s].Reads.Each(func(e int) {
		c := &d.cells[p.Events[e].Loc]
		if c.any || combos > maxCombos {
			unbounded = true
			return
		}
		reads = append(reads, e)
		combos *= len(c.known)
	})
	if unbounded || combos > maxCombos {
		return false
	}
	at := make([]int, len(reads))
	for {
		v, ok := p.Eval(s, func(e int) (int64, bool) {
			i := slices.Index(reads, e)
			return d.cells[p.Events[e].Loc].known[at[i]], true
		})
		if ok {
			f(v)
		}
		i := 0
		for ; i < len(at); i++ {
			at[i]++
			if at[i] < len(d.cells[p.Events[reads[i]].Loc].known) {
				break
			}
			at[i] = 0
		}
		if i == len(at) {
			return true
		}
	}
}

// UnfoldAll unfolds every thread, and returns the paths of each. It ends with
// the error that stop returns, if it does, or with a TooManyPaths.
func UnfoldAll(p *ir.Program, bound int, stop func() error) ([][]*Path, error) {
	d := newDomain(p)
	d.learning = true
	paths := make([][]*Path, len(p.Threads))
	grown := true
	var found []written
	// In an execution no write is computed from itself, so after as many rounds
	// as it can have writes, the domain has every value that it can have.
	for round := 0; grown && round <= mostWrites(paths); round++ {
		plain := true
		found = found[:0]
		for t := range p.Threads {
			var err error
			if paths[t], err = Unfold(p, t, bound, d, stop); err != nil {
				return nil, err
			}
			plain = plain && len(paths[t]) == 1
			for _, path := range paths[t] {
				plain = plain && len(path.Must) == 0
				found = d.written(found, path)
			}
		}
		if plain { // one way through each thread, which more values do not change
			return paths, nil
		}
		grown = d.learn(found)
	}
	d.learning = false
	for t := range p.Threads {
		var err error
		if paths[t], err = Unfold(p, t, bound, d, stop); err != nil {
			return nil, err
		}
	}
	return paths, nil
}

// mostWrites is how many writes an execution can have, one way a thread.
func mostWrites(paths [][]*Path) int {
	total := 0
	for _, list := range paths {
		most := 0
		for _, p := range list {
			n := 0
			for _, w := range p.Write {
				if w != NoSym {
					n++
				}
			}
			most = max(most, n)
		}
		total += most
	}
	return total
}

// written is a value that a path writes to a cell, or any value.
type written struct {
	cell int
	val  int64
	any  bool
}

// written appends what path can write, as far as the domain goes now.
func (d *Domain) written(list []written, path *Path) []written {
	for i := range path.Events {
		if path.Write[i] == NoSym {
			continue
		}
		cell := path.Events[i].Loc
		if !d.values(path, path.Write[i], func(v int64) { list = append(list, written{cell: cell, val: v}) }) {
			list = append(list, written{cell: cell, any: true})
		}
	}
	return list
}

// learn adds values to the domain, and reports whether any was new.
func (d *Domain) learn(list []written) bool {
	grown := false
	for _, w := range list {
		if c := &d.cells[w.cell]; w.any && !c.any {
			c.any, grown = true, true
		}
		grown = !w.any && d.add(w.cell, w.val) || grown
	}
	return grown
}
