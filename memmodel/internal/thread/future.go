package thread

import (
	"encoding/binary"
	"sync"

	"crosscall/memmodel/internal/ir"
)

// MostWrites is how many writes to cell r may still perform, at most. ok is false if there
// may be any number, or if it takes too long to find out.
func (r *Runner) MostWrites(cell int) (n int, ok bool) {
	if r.pc >= len(r.th.Instr) {
		return 0, true
	}
	o := r.outlookAt(r.pc)
	n = r.flow.future(r.flow.keyOf(o), o).mostWrites(cell)
	return n, n < manyWrites
}

// An outlook is where a thread is, with the registers whose values are known. Its
// further reads may return any value.
//
// Claim: every way that the thread can go is a way through the graph of outlooks. That graph
// is a future. Proof: an instruction gives a register the value that it has in every
// execution, or marks it as not known. A Branch leads both ways, unless the known registers
// or the facts of its place (facts.go) tell its outcome.
type outlook struct {
	at    int32
	value []int64
	known []bool
}

// outlookAt is what r will know when it comes straight to instruction pc, without another
// value for a register.
func (r *Runner) outlookAt(pc int) outlook {
	at := r.flow.arrive(r.place, r.pc)
	for range pc - r.pc {
		at = r.flow.arrive(at, r.flow.pcOf(at)+1)
	}
	o := outlook{at, make([]int64, len(r.regs)), make([]bool, len(r.regs))}
	for i, x := range r.regs {
		o.value[i], o.known[i] = r.path.Eval(x, r.value)
	}
	return o
}

// A future is what a thread may do from some outlook on: the outlooks that it may come to,
// the first one first. It is nil if there are too many.
type future struct {
	outlooks []outlook
	next     [][]int32
	writes   [][]uint64 // by outlook: the cells that its instruction may write
	most     map[int]int
	mu       sync.Mutex // for most
}

const (
	maxOutlooks = 1500
	maxFutures  = 200 // that are kept for a thread
	manyWrites  = 16  // is as good as any number
)

// futures are those that were found before, by where they begin.
type futures struct {
	mu   sync.Mutex
	from map[string]*future
}

// future is what may come after o, which key names.
func (f *Flow) future(key string, o outlook) *future {
	f.futures.mu.Lock()
	defer f.futures.mu.Unlock()
	if u, ok := f.futures.from[key]; ok {
		return u
	}
	if f.futures.from == nil || len(f.futures.from) > maxFutures {
		f.futures.from = map[string]*future{}
	}
	u := f.foresee(o, outlook.perform)
	if u == nil { // a register counts, perhaps
		u = f.foresee(o, outlook.performUncounted)
	}
	if u == nil {
		o.known = make([]bool, len(o.known))
		u = f.foresee(o, outlook.performUnknown)
	}
	f.futures.from[key] = u
	return u
}

// keyOf tells outlooks apart, by what is alive.
func (f *Flow) keyOf(o outlook) string {
	key := binary.AppendVarint(nil, int64(o.at))
	for r, known := range o.known {
		if known && f.isAlive(r, f.pcOf(o.at)) {
			key = binary.AppendVarint(binary.AppendVarint(key, int64(r)), o.value[r])
		}
	}
	return string(key)
}

func (f *Flow) isAlive(r, pc int) bool {
	return f.alive == nil || f.alive[pc][r>>6]>>(r&63)&1 != 0
}

// foresee finds what may come after o, where perform says what is known after an
// instruction. To know less is to see more ways.
func (f *Flow) foresee(o outlook, perform func(outlook, *ir.Instr, int32) outlook) *future {
	u := &future{outlooks: []outlook{o}, most: map[int]int{}}
	at := map[string]int32{f.keyOf(o): 0}
	for i := 0; i < len(u.outlooks); i++ {
		if i == maxOutlooks {
			return nil
		}
		var next []int32
		o, writes := u.outlooks[i], []uint64(nil)
		if pc := f.pcOf(o.at); pc < len(f.th.Instr) {
			in := &f.th.Instr[pc]
			writes = f.mayWrite(o, in, pc)
			f.after(o.at, func(k int32) {
				if !o.mayGo(in, f.pcOf(k), pc) {
					return
				}
				then := perform(o, in, k)
				key := f.keyOf(then)
				n, ok := at[key]
				if !ok {
					n = int32(len(u.outlooks))
					at[key], u.outlooks = n, append(u.outlooks, then)
				}
				next = append(next, n)
			})
		}
		u.next, u.writes = append(u.next, next), append(u.writes, writes)
	}
	return u
}

// mayWrite is the row of the cells that an instruction may write.
func (f *Flow) mayWrite(o outlook, in *ir.Instr, pc int) []uint64 {
	if f.own[pc] == nil || in.Op != ir.Do {
		return f.own[pc]
	}
	addr, ok := o.eval(in.Addr)
	if !ok {
		return f.own[pc]
	}
	row := make([]uint64, len(f.own[pc]))
	if c, ok := f.prog.CellAt(addr); ok {
		row[c>>6] |= 1 << (c & 63)
	}
	return row
}

// mayGo reports whether a thread may go from in, which is at pc, to to.
func (o outlook) mayGo(in *ir.Instr, to, pc int) bool {
	switch v, known := o.eval(in.Val); {
	case !known || in.Op != ir.Branch && in.Op != ir.Assume:
		return true
	case in.Op == ir.Assume:
		return v != 0
	default:
		return in.Target == pc+1 || (v != 0) == (to == in.Target)
	}
}

// perform is the outlook after an instruction, at place to.
func (o outlook) perform(in *ir.Instr, to int32) outlook {
	then := outlook{to, o.value, o.known}
	if r := in.Defines(); r != ir.NoReg {
		then.value, then.known = append([]int64(nil), o.value...), append([]bool(nil), o.known...)
		then.value[r], then.known[r] = 0, false
		if in.Op == ir.Assign {
			then.value[r], then.known[r] = o.eval(in.Val)
		}
	}
	return then
}

// performUncounted is perform, but for what is computed: a loop that counts has as many
// outlooks as there are numbers.
func (o outlook) performUncounted(in *ir.Instr, to int32) outlook {
	then := o.perform(in, to)
	if r := in.Defines(); r != ir.NoReg && in.Op == ir.Assign && in.Val.Op != ir.Const && in.Val.Op != ir.Load {
		then.value[r], then.known[r] = 0, false
	}
	return then
}

// performUnknown is perform where nothing is known of registers.
func (o outlook) performUnknown(_ *ir.Instr, to int32) outlook { return outlook{to, o.value, o.known} }

// eval computes e, if the registers that are known tell.
func (o outlook) eval(e *ir.Expr) (v int64, ok bool) {
	if e == nil {
		return 0, false
	}
	switch e.Op {
	case ir.Const:
		return e.K, true
	case ir.Load:
		return o.value[e.R], o.known[e.R]
	}
	var args [3]int64
	for i, x := range [3]*ir.Expr{e.A, e.B, e.C} {
		if x == nil {
			continue
		}
		if args[i], ok = o.eval(x); !ok {
			return 0, false
		}
	}
	return e.Op.Apply(args[0], args[1], args[2])
}

// mostWrites is how many writes to cell there may be.
func (u *future) mostWrites(cell int) int {
	if u == nil {
		return manyWrites
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if n, ok := u.most[cell]; ok {
		return n
	}
	most := make([]int, len(u.outlooks))
	for changed := true; changed; {
		changed = false
		for i := len(most) - 1; i >= 0; i-- {
			n := 0
			for _, k := range u.next[i] {
				n = max(n, most[k])
			}
			if w := u.writes[i]; w != nil && w[cell>>6]>>(cell&63)&1 != 0 {
				n = min(n+1, manyWrites)
			}
			if n > most[i] {
				most[i], changed = n, true
			}
		}
	}
	u.most[cell] = most[0]
	return most[0]
}
