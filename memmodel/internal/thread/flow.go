package thread

import (
	"math/bits"
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// A Flow is what can be said of a thread before it runs. It is computed once
// and shared by all Runners.
type Flow struct {
	prog *ir.Program
	th   *ir.Thread
	// heads are the instructions that jumps go back to, with the registers whose
	// values matter from there on.
	heads map[int][]uint64
	// ends has, by head, the last instruction that jumps back there.
	ends map[int]int
	// round has, by head and from there, whether another round may come.
	round map[int][]bool
	// endless has the heads from which no way leads to an end of the thread.
	endless map[int]bool
	// own has, by instruction, the cells that it may write, writes those that may
	// be written from there on.
	own, writes [][]uint64
	places      places // nil if the thread has no loops: then each instruction is one
	// alive has by instruction the registers that are alive there; nil if there are no loops.
	alive   [][]uint64
	futures futures
	answers answers
	// reads has, by instruction, the cells that it may read.
	reads [][]uint64
	// gives has the instructions that may write an address of memory that the thread has
	// allocated, if the thread has a Lapse: own.go.
	gives []bool
	// exclusive reports whether the model flags every access of another thread that is not
	// ordered with a write of this one. If it is nil, no rounds are left out for lapse.go.
	exclusive func(write *graph.Event) bool
	// polls has, by where a round begins and by instruction, from where it may change nothing though
	// it takes a lock. gaps are where rounds begin that are none of loops. lockOnly has the locks
	// that are but taken and given back. They are nil if no such rounds are left out: poll.go.
	polls    map[int][]bool
	gaps     map[int]bool
	lockOnly map[int]bool
	// attempts are the LockReads of which there is another way to go if the lock is
	// taken.
	attempts map[int]bool
	// stays has the instructions from which the thread may come to stay in a section.
	stays []bool
	hangs bool // see LetHang
	// private has, by cell, its place among the private ones, or -1.
	private  []int32
	privates int
}

// NewFlow analyses thread t. With classes unset it believes no Instr.Class.
func NewFlow(p *ir.Program, t int, classes bool) *Flow {
	f := &Flow{prog: p, th: &p.Threads[t]}
	f.private = make([]int32, len(p.Cells))
	for c := range p.Cells {
		f.private[c] = -1
		if p.Cells[c].Private {
			f.private[c] = int32(f.privates)
			f.privates++
		}
	}
	f.findHeads()
	f.findWrites(classes)
	f.findGivers()
	f.findAttempts()
	f.findStays()
	return f
}

// SpareLapses has rounds left out that write, and fail without a reason. flagged reports whether
// the model flags a write of the thread beside each access of another one that is not ordered
// with it.
func (f *Flow) SpareLapses(flagged func(write *graph.Event) bool) { f.exclusive = flagged }

// next calls to with every instruction that can come after number i.
func (f *Flow) next(i int, to func(int)) {
	in := &f.th.Instr[i]
	switch in.Op {
	case ir.Jump:
		to(in.Target)
		return
	case ir.Branch, ir.Fork:
		to(in.Target)
	}
	to(i + 1)
}

// spread computes, by instruction, the union of what it has itself with what its
// successors have, less what it takes away. There is nothing behind the end.
func (f *Flow) spread(words int, own func(i int, row []uint64), kill func(i int, row []uint64)) [][]uint64 {
	n := len(f.th.Instr)
	rows := make([][]uint64, n+1)
	memory := make([]uint64, (n+1)*words)
	for i := range rows {
		rows[i] = memory[i*words : (i+1)*words]
	}
	row := make([]uint64, words)
	for changed := true; changed; {
		changed = false
		for i := n - 1; i >= 0; i-- {
			clear(row)
			f.next(i, func(k int) {
				for w := range row {
					row[w] |= rows[k][w]
				}
			})
			kill(i, row)
			own(i, row)
			if !slices.Equal(row, rows[i]) {
				copy(rows[i], row)
				changed = true
			}
		}
	}
	return rows
}

// findHeads finds the loops, and which registers are alive where they begin.
func (f *Flow) findHeads() {
	f.heads, f.ends, f.round = make(map[int][]uint64), make(map[int]int), make(map[int][]bool)
	for i := range f.th.Instr {
		in := &f.th.Instr[i]
		if (in.Op == ir.Branch || in.Op == ir.Jump || in.Op == ir.Fork) && in.Target <= i {
			f.heads[in.Target] = nil
			f.ends[in.Target] = i
		}
	}
	if len(f.heads) == 0 {
		return
	}
	alive := f.spread((len(f.th.Regs)+63)/64, func(i int, row []uint64) {
		in := &f.th.Instr[i]
		markUses(in.Addr, row)
		markUses(in.Val, row)
	}, func(i int, row []uint64) {
		if d := f.th.Instr[i].Defines(); d != ir.NoReg {
			row[d>>6] &^= 1 << (d & 63)
		}
	})
	for h := range f.heads {
		f.heads[h] = alive[h]
		f.findRounds(h)
	}
	f.alive = alive
	f.findEndless()
	f.findPlaces()
}

// findEndless finds the loops that have no way out.
func (f *Flow) findEndless() {
	ends := f.spread(1, func(i int, row []uint64) {
		in := &f.th.Instr[i]
		if in.Op == ir.Assume && in.Val.Op == ir.Const && in.Val.K == 0 {
			row[0] = 1
		}
		f.next(i, func(to int) {
			if to == len(f.th.Instr) {
				row[0] = 1
			}
		})
	}, func(int, []uint64) {})
	f.endless = make(map[int]bool)
	for h := range f.heads {
		f.endless[h] = ends[h][0] == 0
	}
}

// findAttempts finds where a Fork takes a lock one way, and sees it taken the other.
func (f *Flow) findAttempts() {
	f.attempts = make(map[int]bool)
	for i := range f.th.Instr {
		if f.th.Instr[i].Op != ir.Fork {
			continue
		}
		ways := [2]int{f.pastFences(i + 1), f.pastFences(f.th.Instr[i].Target)}
		for k, at := range ways {
			if f.performs(at, graph.LockRead) && f.performs(ways[1-k], graph.LockFail) {
				f.attempts[at] = true
			}
		}
	}
}

// pastFences is the first instruction from i on that is no fence.
func (f *Flow) pastFences(i int) int {
	for f.performs(i, graph.Fence) {
		i++
	}
	return i
}

func (f *Flow) performs(i int, k graph.Kind) bool {
	return i < len(f.th.Instr) && f.th.Instr[i].Op == ir.Do && f.th.Instr[i].Kind == k
}

// leaves reports whether the branch at pc decides on another round of the loop
// that begins at head: it is where the loop goes back, or one of its ways is out.
func (f *Flow) leaves(head, pc int) bool {
	if pc < head || pc > f.ends[head] {
		return false
	}
	in := &f.th.Instr[pc]
	return in.Target <= pc || !f.goesRound(head, in.Target) || !f.goesRound(head, pc+1)
}

// goesRound reports whether the loop that begins at head may go back there from i on.
func (f *Flow) goesRound(head, i int) bool {
	return head <= i && i <= f.ends[head] && f.round[head][i-head]
}

// findRounds finds from where the loop that begins at head may go back.
func (f *Flow) findRounds(head int) {
	end := f.ends[head]
	f.round[head] = make([]bool, end-head+1)
	for changed := true; changed; {
		changed = false
		for i := end; i >= head; i-- {
			f.next(i, func(to int) {
				if !f.round[head][i-head] && (to == head || f.goesRound(head, to)) {
					f.round[head][i-head], changed = true, true
				}
			})
		}
	}
}

func markUses(e *ir.Expr, row []uint64) {
	if e == nil {
		return
	}
	if e.Op == ir.Load {
		row[e.R>>6] |= 1 << (e.R & 63)
		return
	}
	markUses(e.A, row)
	markUses(e.B, row)
	markUses(e.C, row)
}

// findWrites finds which cells may be written from each instruction on.
func (f *Flow) findWrites(classes bool) {
	words := (len(f.prog.Cells) + 63) / 64
	values := f.registerValues()
	f.own, f.reads = make([][]uint64, len(f.th.Instr)), make([][]uint64, len(f.th.Instr))
	for i := range f.th.Instr {
		in := &f.th.Instr[i]
		switch {
		case in.Op == ir.Free || in.Op == ir.Do && in.Kind.Writes():
			f.own[i] = make([]uint64, words)
			f.targets(in, values, classes, f.own[i])
		case in.Op == ir.Do && in.Kind.Reads():
			f.reads[i] = make([]uint64, words)
			f.targets(in, values, classes, f.reads[i])
		}
	}
	f.writes = f.spread(words, func(i int, row []uint64) {
		for w, x := range f.own[i] {
			row[w] |= x
		}
	}, func(int, []uint64) {})
}

// Writers calls to with each instruction that may write cell.
func (f *Flow) Writers(cell int, to func(*ir.Instr)) { f.with(cell, f.own, to) }

// Readers calls to with each instruction that may read cell.
func (f *Flow) Readers(cell int, to func(*ir.Instr)) { f.with(cell, f.reads, to) }

// with calls to with each instruction that has cell in its row.
func (f *Flow) with(cell int, rows [][]uint64, to func(*ir.Instr)) {
	for i, row := range rows {
		if has(row, cell) {
			to(&f.th.Instr[i])
		}
	}
}

// MayRead reports whether the thread may read cell.
func (f *Flow) MayRead(cell int) bool {
	return slices.ContainsFunc(f.reads, func(row []uint64) bool { return has(row, cell) })
}

func has(row []uint64, cell int) bool { return row != nil && row[cell>>6]>>(cell&63)&1 != 0 }

// targets marks the cells that in may access.
func (f *Flow) targets(in *ir.Instr, values []valueSet, classes bool, row []uint64) {
	mark := func(c int) { row[c>>6] |= 1 << (c & 63) }
	if in.Op == ir.Do {
		if list, ok := valuesOf(in.Addr, values); ok {
			for _, v := range list {
				if c, ok := f.prog.CellAt(v); ok {
					mark(c)
				}
			}
			return
		}
	}
	if in.Op == ir.Free && in.Addr.Op == ir.Const { // the end of a local variable
		for _, o := range f.prog.Objects {
			for c := range o.Size {
				if ir.AddrOf(o.Cell) == in.Addr.K && f.prog.Cells[o.Cell+c].Name != "" {
					mark(o.Cell + c)
				}
			}
		}
		return
	}
	for c := range f.prog.Cells {
		cell := &f.prog.Cells[c]
		switch {
		case cell.Private, cell.Name == "":
		case in.Op == ir.Free && !cell.Heap:
		case in.Op == ir.Do && classes && in.Class != 0 && in.Class != cell.Class:
		default:
			mark(c)
		}
	}
}

// valueSet is a short list of values that a register can have. No list says that it
// may have any.
type valueSet struct {
	list []int64
	any  bool
}

const maxValueSet = 8

// registerValues bounds the values of each register, whatever the order in
// which instructions come.
func (f *Flow) registerValues() []valueSet {
	values := make([]valueSet, len(f.th.Regs))
	for r, v := range f.th.Init {
		values[r].list = []int64{v}
	}
	for changed := true; changed; {
		changed = false
		for i := range f.th.Instr {
			in := &f.th.Instr[i]
			r := in.Defines()
			if r == ir.NoReg || values[r].any {
				continue
			}
			var list []int64
			ok := false
			switch in.Op {
			case ir.Assign:
				list, ok = valuesOf(in.Val, values)
			case ir.Alloc:
				ok = true
				for _, o := range in.Objects {
					list = append(list, ir.AddrOf(f.prog.Objects[o].Cell))
				}
			}
			changed = values[r].add(list, ok) || changed
		}
	}
	return values
}

// add enters more values, or, if they are not known, any. It reports whether
// that is new.
func (v *valueSet) add(list []int64, known bool) bool {
	before := len(v.list)
	for _, x := range list {
		if !slices.Contains(v.list, x) {
			v.list = append(v.list, x)
		}
	}
	if !known || len(v.list) > maxValueSet {
		*v = valueSet{any: true}
		return true
	}
	return len(v.list) > before
}

// valuesOf lists what e can be, if that is few.
func valuesOf(e *ir.Expr, values []valueSet) ([]int64, bool) {
	switch e.Op {
	case ir.Const:
		return []int64{e.K}, true
	case ir.Load:
		return values[e.R].list, !values[e.R].any
	}
	args := [3][]int64{{0}, {0}, {0}}
	for i, x := range [3]*ir.Expr{e.A, e.B, e.C} {
		if x == nil {
			continue
		}
		list, ok := valuesOf(x, values)
		if !ok {
			return nil, false
		}
		args[i] = list
	}
	if len(args[0])*len(args[1])*len(args[2]) > maxValueSet*maxValueSet {
		return nil, false
	}
	var out valueSet
	for _, a := range args[0] {
		for _, b := range args[1] {
			for _, c := range args[2] {
				if v, ok := e.Op.Apply(a, b, c); ok {
					out.add([]int64{v}, true)
				}
			}
		}
	}
	return out.list, !out.any
}

// eachBit calls to with every element of a row.
func eachBit(row []uint64, to func(int)) {
	for w, x := range row {
		for ; x != 0; x &= x - 1 {
			to(w<<6 + bits.TrailingZeros64(x))
		}
	}
}
