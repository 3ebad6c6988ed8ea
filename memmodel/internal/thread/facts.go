package thread

import (
	"fmt"
	"slices"
	"strings"

	"crosscall/memmodel/internal/ir"
)

// A place is an instruction, with what is known of the registers when a thread comes
// there. Two ways to one instruction are two places if they tell it different things:
//
//	fork; A: r2 = R[x]; assume r2 == r1; W[x]   |   B: r2 = R[x]; assume r2 != r1
//	r3 = (r2 == r1); if (!r3) goto fork
//
// From A the thread leaves the loop, from B it does not. Seen by instructions alone,
// a compare-and-swap that failed might be followed by whatever stands behind the loop,
// and one that succeeded by another.
//
// Claim: a thread takes only edges between places. Proof: a fact is the outcome of an Assume or
// a Branch that the thread has passed. An Assign adds a fact about its register if it follows
// from facts about the registers that it reads. A fact is dropped when one of its registers
// gets a new value. So a Branch whose outcome follows from the facts has that outcome.
type place struct {
	pc   int
	next []int32
}

// places are the places of a thread: those without facts come first, by instruction.
type places []place

// A fact is that the value of an expression is zero, or is not.
type fact struct {
	key  string
	regs []uint64 // those in it
	is   bool
}

const (
	maxFacts  = 4  // at one place: the last ones
	maxPlaces = 16 // for each instruction
)

// findPlaces finds the places of a thread with loops. Where there are too many, there
// are none.
func (f *Flow) findPlaces() {
	b := &placer{flow: f, at: map[string]int32{}}
	for i := range len(f.th.Instr) + 1 {
		b.enter(i, nil)
	}
	for i := 0; i < len(b.facts) && len(f.th.Instr) > 0; i++ {
		if len(b.facts) > maxPlaces*len(f.th.Instr) {
			return
		}
		b.follow(i)
	}
	f.places = b.places
}

// A placer finds places.
type placer struct {
	flow   *Flow
	places places
	facts  [][]fact         // by place
	at     map[string]int32 // by instruction and facts
}

// enter returns the place at an instruction with these facts.
func (b *placer) enter(pc int, facts []fact) int32 {
	facts = slices.DeleteFunc(slices.Clone(facts), func(x fact) bool { return !within(x.regs, b.flow.alive[pc]) })
	if n := len(facts); n > maxFacts {
		facts = facts[n-maxFacts:]
	}
	var key strings.Builder
	fmt.Fprint(&key, pc)
	for _, x := range facts {
		fmt.Fprint(&key, " ", x.is, x.key)
	}
	i, ok := b.at[key.String()]
	if !ok {
		i = int32(len(b.places))
		b.at[key.String()] = i
		b.places, b.facts = append(b.places, place{pc: pc}), append(b.facts, facts)
	}
	return i
}

func within(x, y []uint64) bool {
	for w := range x {
		if x[w]&^y[w] != 0 {
			return false
		}
	}
	return true
}

// follow finds what comes after place i.
func (b *placer) follow(i int) {
	pc, facts := b.places[i].pc, b.facts[i]
	if pc == len(b.flow.th.Instr) {
		return
	}
	in := &b.flow.th.Instr[pc]
	to := func(pc int, facts []fact) {
		b.places[i].next = append(b.places[i].next, b.enter(pc, facts))
	}
	switch in.Op {
	case ir.Jump:
		to(in.Target, facts)
	case ir.Fork:
		to(in.Target, facts)
		to(pc+1, facts)
	case ir.Branch:
		if in.Target == pc+1 { // by where a thread arrives, nothing tells which way it took
			to(in.Target, facts)
			return
		}
		is, known := truth(facts, in.Val)
		if is || !known {
			to(in.Target, b.learn(facts, in.Val, true))
		}
		if !is || !known {
			to(pc+1, b.learn(facts, in.Val, false))
		}
	case ir.Assume:
		if is, known := truth(facts, in.Val); is || !known {
			to(pc+1, b.learn(facts, in.Val, true))
		}
	default:
		to(pc+1, b.define(facts, in))
	}
}

// define is facts after an instruction that may give a register a value.
func (b *placer) define(facts []fact, in *ir.Instr) []fact {
	r := in.Defines()
	if r == ir.NoReg {
		return facts
	}
	left := slices.DeleteFunc(slices.Clone(facts), func(x fact) bool { return x.regs[r>>6]>>(r&63)&1 != 0 })
	if in.Op == ir.Assign {
		if is, known := truth(facts, in.Val); known {
			return b.learn(left, &ir.Expr{Op: ir.Load, R: r}, is)
		}
	}
	return left
}

// learn adds to facts that e is zero, or is not.
func (b *placer) learn(facts []fact, e *ir.Expr, is bool) []fact {
	if e.Op == ir.LAnd && is || e.Op == ir.LOr && !is {
		return b.learn(b.learn(facts, e.A, is), e.B, is)
	}
	if _, known := truth(facts, e); known {
		return facts
	}
	key, same := normal(e)
	regs := make([]uint64, (len(b.flow.th.Regs)+63)/64)
	markUses(e, regs)
	return append(slices.Clip(facts), fact{key, regs, is == same})
}

// truth is whether e is other than zero, if facts tell.
func truth(facts []fact, e *ir.Expr) (is, known bool) {
	switch e.Op {
	case ir.Const:
		return e.K != 0, true
	case ir.LAnd, ir.LOr:
		a, ok := truth(facts, e.A)
		b, ok2 := truth(facts, e.B)
		decides := e.Op == ir.LOr // a value of one side that decides
		if ok && a == decides || ok2 && b == decides {
			return decides, true
		}
		return !decides, ok && ok2
	}
	key, same := normal(e)
	if i := slices.IndexFunc(facts, func(x fact) bool { return x.key == key }); i >= 0 {
		return facts[i].is == same, true
	}
	return false, false
}

// normal words e or its negation, so that what says the same has the same words: a != b is
// the negation of b == a. same is false if it is the negation.
func normal(e *ir.Expr) (key string, same bool) {
	isZero := func(x *ir.Expr) bool { return x.Op == ir.Const && x.K == 0 }
	switch e.Op {
	case ir.Not:
		key, same = normal(e.A)
		return key, !same
	case ir.Ne, ir.Eq:
		a, b := e.A, e.B
		if isZero(a) {
			a, b = b, a
		}
		if isZero(b) {
			key, same = normal(a)
			return key, same == (e.Op == ir.Ne)
		}
		x, y := words(a), words(b)
		return fmt.Sprint(ir.Eq, min(x, y), max(x, y)), e.Op == ir.Eq
	}
	return words(e), true
}

func words(e *ir.Expr) string {
	switch {
	case e == nil:
		return ""
	case e.Op == ir.Const:
		return fmt.Sprint("#", e.K)
	case e.Op == ir.Load:
		return fmt.Sprint("r", e.R)
	}
	return fmt.Sprint("(", e.Op, " ", words(e.A), " ", words(e.B), " ", words(e.C), ")")
}

// arrive is the place of a thread that comes from one place to an instruction.
func (f *Flow) arrive(from int32, pc int) int32 {
	if f.places == nil {
		return int32(pc)
	}
	if f.places[from].pc == pc {
		return from
	}
	for _, k := range f.places[from].next {
		if f.places[k].pc == pc {
			return k
		}
	}
	return int32(pc)
}

// pcOf is the instruction of a place.
func (f *Flow) pcOf(at int32) int {
	if f.places == nil {
		return int(at)
	}
	return f.places[at].pc
}

// after calls to with every place that can come after one that is not the end.
func (f *Flow) after(at int32, to func(int32)) {
	if f.places == nil {
		f.next(int(at), func(i int) { to(int32(i)) })
		return
	}
	for _, k := range f.places[at].next {
		to(k)
	}
}

// outcome is the way that the Branch at a place goes, if the facts tell.
func (f *Flow) outcome(at int32) (jumps, known bool) {
	if f.places == nil || len(f.places[at].next) != 1 {
		return false, false
	}
	in := &f.th.Instr[f.places[at].pc]
	return f.places[f.places[at].next[0]].pc == in.Target, in.Target != f.places[at].pc+1
}
