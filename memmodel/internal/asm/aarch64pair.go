package asm

import (
	"crosscall/memmodel/internal/ir"
)

// The words of a pair are told apart by their reservations: those of LDXP and STXP, and
// those of CASP, which leaves the former as they are.
var (
	exclusivePair = [2]uint8{0, 1}
	swappedPair   = [2]uint8{2, 3}
)

// a64PairTags are the annotations of the two accesses of a pair that program order does not
// order. singleCopy is the annotation of pairs that are single-copy atomic.
var a64PairTags = [2]string{"pair.1", "pair.2"}

const singleCopy = "sca"

// a64Pairs adds the atomic operations on pairs. A pair is two accesses, as in herd.
func a64Pairs(add func(name, args string, do func(*builder, *Inst))) {
	add("ldxp", "r r m", func(b *builder, in *Inst) { b.a64ReservePair(in, "EX", singleCopy) })
	add("ldaxp", "r r m", func(b *builder, in *Inst) { b.a64ReservePair(in, "EX", "A", singleCopy) })
	add("stxp", "r r r m", func(b *builder, in *Inst) { b.a64ConditionalPair(in, "EX", singleCopy) })
	add("stlxp", "r r r m", func(b *builder, in *Inst) { b.a64ConditionalPair(in, "EX", "L", singleCopy) })
	for _, o := range a64Orders {
		add("casp"+o.letters, "r r r r m", func(b *builder, in *Inst) { b.a64CASPair(in, o.read, o.write) })
	}
}

// a64ReservePair is LDXP.
func (b *builder) a64ReservePair(in *Inst, tags ...string) {
	size := in.Args[0].Reg.Bits / 8
	address := b.a64Pair(in, size)
	b.assign(b.tmp(reservation), address(0))
	for i, pair := range a64PairTags {
		b.load(b.a64Into(in.Args[i].Reg), address(i), size, append(tags, pair)...)
		b.exclusive(exclusivePair[i])
	}
}

// a64ConditionalPair is STXP.
func (b *builder) a64ConditionalPair(in *Inst, tags ...string) {
	size := in.Args[1].Reg.Bits / 8
	address := b.a64Pair(in, size)
	b.conditionally(address(0), func() {
		for i, pair := range a64PairTags {
			b.update(address(i), low(b.getReg(in.Args[1+i].Reg), 8*size), size, append(tags, pair)...)
			b.exclusive(exclusivePair[i])
		}
	}, func(failed int64) { b.a64Assign(in.Args[0].Reg, num(failed)) })
}

// A casPair is a CASP while it is lowered.
type casPair struct {
	*builder
	in      *Inst
	size    int
	address func(i int) *ir.Expr
	old     [2]ir.Reg
}

// a64CASPair is CASP: both words are what is expected, and both are written, or one of
// them is not. See a64CAS for what the compared registers become.
func (b *builder) a64CASPair(in *Inst, read, write string) {
	size := in.Args[0].Reg.Bits / 8
	c := &casPair{b, in, size, b.a64Pair(in, size), [2]ir.Reg{b.tmp("old"), b.tmp("old2")}}
	b.either(func() {
		c.load(true, "X", "LSE", read)
		b.assume(c.same(0))
		b.assume(c.same(1))
		if !b.usedElsewhere(in, in.Args[0].Reg) && !b.usedElsewhere(in, in.Args[1].Reg) {
			c.store(write, false)
			c.keepOld()
			return
		}
		b.either(func() { c.store(write, true) }, func() {
			c.store(write, false)
			c.keepOld()
		})
	}, func() {
		c.load(false, read)
		b.assume(isZero(op(ir.LAnd, c.same(0), c.same(1))))
		c.keepOld()
	})
}

func (c *casPair) want(i int) *ir.Expr { return low(c.getReg(c.in.Args[i].Reg), 8*c.size) }

func (c *casPair) same(i int) *ir.Expr { return op(ir.Eq, val(c.old[i]), c.want(i)) }

func (c *casPair) load(half bool, tags ...string) {
	for i, pair := range a64PairTags {
		c.builder.load(c.old[i], c.address(i), c.size, append(tags, pair)...)
		if half {
			c.exclusive(swappedPair[i])
		}
	}
}

// store writes both words. Each depends on what was read of that word, and not of the
// other one: herd has no dependency inside an instruction. With want, the compared
// registers stay what they are, picked by the comparison.
func (c *casPair) store(write string, want bool) {
	for i, pair := range a64PairTags {
		other := op(ir.Or, c.want(1-i), num(1)) // is never 0, and depends on what is wanted
		c.under(op(ir.LAnd, c.same(i), other), func() {
			c.update(c.address(i), low(c.getReg(c.in.Args[2+i].Reg), 8*c.size), c.size, "X", "LSE", write, pair)
			c.exclusive(swappedPair[i])
		})
	}
	if want {
		for i := range c.old {
			c.under(c.same(i), func() { c.a64Assign(c.in.Args[i].Reg, c.want(i)) })
		}
	}
}

// keepOld has the compared registers become what was read.
func (c *casPair) keepOld() {
	for i := range c.old {
		c.a64Assign(c.in.Args[i].Reg, val(c.old[i]))
	}
}
