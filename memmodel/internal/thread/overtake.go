package thread

import (
	"encoding/binary"
	"slices"
	"sync"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// MayOvertake reports whether r can perform a write to one of the cells without the
// value of a read: one that nothing keeps back.
//
// Claim: if it says no, o keeps each write to the cells that r may still perform behind the
// read. Proof: it goes through every way that r may go (future.go), with the registers that
// depend on the read. A way ends at a fence, and at an access whose address depends on the
// read. A write on the way does not count if it is ordered by itself, or while a branch that
// depends on the read is in force. The smallest program, in which the write depends on the
// read by the second branch alone:
//
//	do { r = READ_ONCE(*x); s = cmpxchg_relaxed(x, r, 1); } while (s != r); if (r) WRITE_ONCE(*y, 1);
func (r *Runner) MayOvertake(read int, cells []int, o Orders) bool {
	if r.status == NeedsRMW && read == r.need {
		return slices.ContainsFunc(r.ways[:], func(way *Runner) bool { return way.MayOvertake(way.need, cells, o) })
	}
	if r.pc >= len(r.th.Instr) || len(cells) == 0 || r.fencedOff(read, o) {
		return false
	}
	from := r.pc
	if o.Operation() && r.th.Instr[r.pc].Op == ir.Assume && read == len(r.path.Events)-1 && from+1 < len(r.th.Instr) && r.th.Instr[from+1].RMW && !r.th.Instr[from+1].Exclusive {
		from += 2 // the write of the same operation is no other write
	}
	if !r.flow.mayComeTo(from, cells, o) {
		return false
	}
	return r.flow.mayOvertake(r.outlookAt(from), r.shadowOf(read), cells, o)
}

// mostAnswers is how many answers are kept for a thread.
const mostAnswers = 10000

// mayOvertake is MayOvertake from an outlook on, where sh depends on the read. It remembers
// its answers: threads come to the same places again and again. The Orders of a Flow are
// always the same.
func (f *Flow) mayOvertake(from outlook, sh shadow, cells []int, o Orders) bool {
	key := f.keyOf(from)
	words := sh.appendTo([]byte(key + " "))
	for _, c := range cells {
		words = binary.AppendVarint(words, int64(c))
	}
	f.answers.mu.Lock()
	answer, ok := f.answers.of[string(words)]
	f.answers.mu.Unlock()
	if ok {
		return answer
	}
	s := reachability{future: f.future(key, from), flow: f, cells: cells, orders: o, seen: map[string]bool{}}
	if s.found = s.future == nil; !s.found {
		s.visit(0, sh)
	}
	f.answers.mu.Lock()
	defer f.answers.mu.Unlock()
	if f.answers.of == nil || len(f.answers.of) > mostAnswers {
		f.answers.of = map[string]bool{}
	}
	f.answers.of[string(words)] = s.found
	return s.found
}

// answers are those that mayOvertake has given.
type answers struct {
	mu sync.Mutex
	of map[string]bool
}

// fencedOff reports whether r has passed a fence since the read that keeps the read before
// all that is to come.
func (r *Runner) fencedOff(read int, o Orders) bool {
	return read < len(r.path.Events) && slices.ContainsFunc(r.path.Events[read:], func(e graph.Event) bool {
		return e.Kind == graph.Fence && len(e.Tags) > 0 && o.Fence(e.Tags)
	})
}

// mayComeTo reports whether an instruction behind pc may write one of the cells, and is kept
// back neither by a fence nor by itself. Values of registers are not looked at, so it is fast,
// and its answer is mostly no.
func (f *Flow) mayComeTo(pc int, cells []int, o Orders) bool {
	seen := make([]bool, len(f.th.Instr)+1)
	var visit func(i int) bool
	visit = func(i int) bool {
		if i == len(f.th.Instr) || seen[i] {
			return false
		}
		seen[i] = true
		in := &f.th.Instr[i]
		if in.Op == ir.Do && in.Kind == graph.Fence && o.Fence(in.Tags) {
			return false
		}
		if writesFreely(in, o) && slices.ContainsFunc(cells, func(c int) bool { return f.own[i][c>>6]>>(c&63)&1 != 0 }) {
			return true
		}
		found := false
		f.next(i, func(k int) { found = found || visit(k) })
		return found
	}
	return visit(pc)
}

// writesFreely reports whether an instruction writes, and is not ordered by itself.
func writesFreely(in *ir.Instr, o Orders) bool {
	return in.Op == ir.Free || in.Op == ir.Do && in.Kind.Writes() && !o.Access(in.Kind, in.Tags)
}

// A shadow is what depends on a read: registers, by what was assigned to them or by what
// decided that it was, and the writes up to the joins of branches.
type shadow struct {
	data, ctrl []uint64 // of registers
	joins      []int
}

// shadowOf is what depends on a read now.
func (r *Runner) shadowOf(read int) shadow {
	words := (len(r.regs) + 63) / 64
	s := shadow{data: make([]uint64, words), ctrl: make([]uint64, words)}
	for i, x := range r.regs {
		if r.path.Syms[x].Deps.has(read) {
			s.data[i>>6] |= 1 << (i & 63)
		}
		if r.ctrl[i].has(read) {
			s.ctrl[i>>6] |= 1 << (i & 63)
		}
	}
	for _, sc := range r.scopes {
		if sc.deps.has(read) && !slices.Contains(s.joins, sc.join) {
			s.joins = append(s.joins, sc.join)
		}
	}
	slices.Sort(s.joins)
	return s
}

// appendTo appends words that tell shadows of one thread apart.
func (sh shadow) appendTo(key []byte) []byte {
	for _, row := range [2][]uint64{sh.data, sh.ctrl} {
		for _, x := range row {
			key = binary.LittleEndian.AppendUint64(key, x)
		}
	}
	key = binary.AppendVarint(key, int64(len(sh.joins)))
	for _, j := range sh.joins {
		key = binary.AppendVarint(key, int64(j))
	}
	return key
}

// reachability is a look at what may come.
type reachability struct {
	future *future
	flow   *Flow
	cells  []int
	orders Orders
	seen   map[string]bool // by outlook and shadow
	key    []byte          // for seen
	found  bool
}

// mostSeen bounds how much is looked at.
const mostSeen = 20000

func (s *reachability) visit(at int32, sh shadow) {
	pc := s.flow.pcOf(s.future.outlooks[at].at)
	if pc == len(s.flow.th.Instr) || s.found {
		return
	}
	sh.joins = slices.DeleteFunc(slices.Clone(sh.joins), func(j int) bool { return j == pc })
	s.key = sh.appendTo(binary.AppendVarint(s.key[:0], int64(at)))
	if s.seen[string(s.key)] {
		return
	}
	s.seen[string(s.key)] = true
	in := &s.flow.th.Instr[pc]
	if len(s.seen) > mostSeen || s.counts(at, in, sh) {
		s.found = true
		return
	}
	if s.keepsBack(in, sh) {
		return
	}
	sh = sh.after(in)
	for _, k := range s.future.next[at] {
		s.visit(k, sh)
	}
}

// keepsBack reports whether nothing behind an instruction can overtake the read.
func (s *reachability) keepsBack(in *ir.Instr, sh shadow) bool {
	switch {
	case in.Op == ir.Do && in.Kind == graph.Fence && s.orders.Fence(in.Tags):
		return true
	case in.Op == ir.Do || in.Op == ir.Free:
		return in.Addr != nil && s.orders.Address() && uses(in.Addr, sh.data)
	}
	return false
}

// counts reports whether an instruction may write one of the cells before the read has a
// value.
func (s *reachability) counts(at int32, in *ir.Instr, sh shadow) bool {
	switch {
	case !writesFreely(in, s.orders):
		return false
	case len(sh.joins) > 0 && s.orders.Control():
		return false
	case s.keepsBack(in, sh):
		return false
	}
	return slices.ContainsFunc(s.cells, func(c int) bool { return s.future.writes[at][c>>6]>>(c&63)&1 != 0 })
}

// after is what depends on the read behind an instruction.
func (sh shadow) after(in *ir.Instr) shadow {
	if in.Op == ir.Branch && (uses(in.Val, sh.data) || uses(in.Val, sh.ctrl)) && !slices.Contains(sh.joins, in.Join) {
		sh.joins = append(slices.Clip(sh.joins), in.Join)
		slices.Sort(sh.joins)
	}
	r := in.Defines()
	if r == ir.NoReg {
		return sh
	}
	data, ctrl := false, false
	if in.Op == ir.Assign {
		data = uses(in.Val, sh.data)
		ctrl = uses(in.Val, sh.ctrl) || len(sh.joins) > 0
	}
	sh.data, sh.ctrl = with(sh.data, int(r), data), with(sh.ctrl, int(r), ctrl)
	return sh
}

// with is a row with one of its bits set or not.
func with(row []uint64, i int, is bool) []uint64 {
	if row[i>>6]>>(i&63)&1 != 0 == is {
		return row
	}
	row = slices.Clone(row)
	row[i>>6] ^= 1 << (i & 63)
	return row
}

// uses reports whether e has one of the registers in a row.
func uses(e *ir.Expr, row []uint64) bool {
	switch {
	case e == nil:
		return false
	case e.Op == ir.Load:
		return row[e.R>>6]>>(e.R&63)&1 != 0
	}
	return uses(e.A, row) || uses(e.B, row) || uses(e.C, row)
}
