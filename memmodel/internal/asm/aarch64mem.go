package asm

import (
	"crosscall/memmodel/internal/ir"
)

// a64Sizes are the letters behind a name that say how much is accessed. Without them a
// register says so.
var a64Sizes = []struct {
	letters string
	size    int
}{{"", 0}, {"b", 1}, {"h", 2}}

// a64Memory adds the loads, stores and atomic operations, in all their sizes and orders.
func a64Memory(m map[string][]form) {
	add := func(name, args string, do func(*builder, *Inst)) { m[name] = append(m[name], form{args, do}) }
	for _, s := range a64Sizes {
		for _, name := range []string{"ldr", "ldur"} {
			add(name+s.letters, "r m", a64Load(s.size, false))
		}
		for _, name := range []string{"str", "stur"} {
			add(name+s.letters, "r m", a64Store(s.size))
		}
		add("ldar"+s.letters, "r m", a64Load(s.size, false, "A"))
		add("ldapr"+s.letters, "r m", a64Load(s.size, false, "Q"))
		add("ldapur"+s.letters, "r m", a64Load(s.size, false, "Q"))
		add("stlr"+s.letters, "r m", a64Store(s.size, "L"))
		add("stlur"+s.letters, "r m", a64Store(s.size, "L"))
		add("ldxr"+s.letters, "r m", a64LoadExclusive(s.size, "EX"))
		add("ldaxr"+s.letters, "r m", a64LoadExclusive(s.size, "EX", "A"))
		add("stxr"+s.letters, "r r m", a64StoreExclusive(s.size, "EX"))
		add("stlxr"+s.letters, "r r m", a64StoreExclusive(s.size, "EX", "L"))
		a64Atomics(add, s.letters, s.size)
	}
	for _, s := range []struct {
		letters string
		size    int
	}{{"sb", 1}, {"sh", 2}, {"sw", 4}} {
		add("ldr"+s.letters, "r m", a64Load(s.size, true))
		add("ldur"+s.letters, "r m", a64Load(s.size, true))
		add("ldapur"+s.letters, "r m", a64Load(s.size, true, "Q"))
	}
	for _, name := range []string{"ldp", "ldnp"} {
		add(name, "r r m", func(b *builder, in *Inst) { b.a64LoadPair(in, false) })
	}
	add("ldpsw", "r r m", func(b *builder, in *Inst) { b.a64LoadPair(in, true) })
	add("ldiapp", "r r m", func(b *builder, in *Inst) { b.a64LoadPair(in, false, "Q") })
	for _, name := range []string{"stp", "stnp"} {
		add(name, "r r m", func(b *builder, in *Inst) { b.a64StorePair(in) })
	}
	add("stilp", "r r m", func(b *builder, in *Inst) { b.a64StorePair(in, "L") })
	add("ldap", "r r m", func(b *builder, in *Inst) { b.a64LoadPairUnordered(in, "A") })
	add("stlp", "r r m", func(b *builder, in *Inst) { b.a64StorePairUnordered(in, "L") })
	a64Pairs(add)
}

// a64Orders are the letters that say how an atomic operation is ordered.
var a64Orders = []struct{ letters, read, write string }{{"", "", ""}, {"a", "A", ""}, {"l", "", "L"}, {"al", "A", "L"}}

// a64Operations are what LDADD and the others of its kind make of what they read.
var a64Operations = []struct {
	name string
	f    func(old, v *ir.Expr, bits int) *ir.Expr
}{
	{"add", func(old, v *ir.Expr, _ int) *ir.Expr { return op(ir.Add, old, v) }},
	{"clr", func(old, v *ir.Expr, _ int) *ir.Expr { return op(ir.And, old, op(ir.Xor, v, num(-1))) }},
	{"eor", func(old, v *ir.Expr, _ int) *ir.Expr { return op(ir.Xor, old, v) }},
	{"set", func(old, v *ir.Expr, _ int) *ir.Expr { return op(ir.Or, old, v) }},
	{"smax", func(old, v *ir.Expr, bits int) *ir.Expr {
		return choose(op(ir.Ge, signed(old, bits), signed(v, bits)), old, v)
	}},
	{"smin", func(old, v *ir.Expr, bits int) *ir.Expr {
		return choose(op(ir.Le, signed(old, bits), signed(v, bits)), old, v)
	}},
	{"umax", func(old, v *ir.Expr, bits int) *ir.Expr {
		return choose(below(low(old, bits), low(v, bits)), v, old)
	}},
	{"umin", func(old, v *ir.Expr, bits int) *ir.Expr {
		return choose(below(low(old, bits), low(v, bits)), old, v)
	}},
}

func a64Atomics(add func(name, args string, do func(*builder, *Inst)), letters string, size int) {
	none := Reg{Name: "XZR", Bits: 64, Zero: true}
	for _, o := range a64Orders {
		for _, f := range a64Operations {
			add("ld"+f.name+o.letters+letters, "r r m", func(b *builder, in *Inst) {
				b.a64Atomic(in, in.Args[0].Reg, in.Args[1].Reg, in.Args[2].Mem, size, o.read, o.write, f.f)
			})
			if o.read == "" {
				add("st"+f.name+o.letters+letters, "r m", func(b *builder, in *Inst) {
					b.a64Atomic(in, in.Args[0].Reg, none, in.Args[1].Mem, size, "", o.write, f.f)
				})
			}
		}
		add("swp"+o.letters+letters, "r r m", func(b *builder, in *Inst) {
			swap := func(_, v *ir.Expr, _ int) *ir.Expr { return v }
			b.a64Atomic(in, in.Args[0].Reg, in.Args[1].Reg, in.Args[2].Mem, size, o.read, o.write, swap)
		})
		add("cas"+o.letters+letters, "r r m", func(b *builder, in *Inst) { b.a64CAS(in, size, o.read, o.write) })
	}
}

// a64Size is how many bytes are accessed, if a name does not say so: a register.
func a64Size(size int, r Reg) int {
	if size == 0 {
		return r.Bits / 8
	}
	return size
}

// a64Address is the address of an access, before which Base changes if it does so.
func (b *builder) a64Address(m *Mem) *ir.Expr {
	base := val(b.whole(m.Base.Name))
	switch {
	case m.Pre:
		b.assign(b.whole(m.Base.Name), plus(base, num(m.Disp)))
		return base
	case m.Post:
		before := b.tmp("address")
		b.assign(before, base)
		b.assign(b.whole(m.Base.Name), plus(base, num(m.Disp)))
		return val(before)
	case m.Index == nil:
		return plus(base, num(m.Disp))
	}
	index := a64Extended(b.getReg(*m.Index), m.Extend)
	if m.Scale > 1 {
		index = op(ir.Mul, index, num(m.Scale))
	}
	return plus(base, index)
}

// a64Into is the register that a load goes to.
func (b *builder) a64Into(r Reg) ir.Reg {
	if r.Zero {
		return ir.NoReg
	}
	return b.whole(r.Name)
}

func a64Load(size int, sign bool, tags ...string) func(*builder, *Inst) {
	return func(b *builder, in *Inst) {
		r := in.Args[0].Reg
		n := a64Size(size, r)
		at := b.a64Address(in.Args[1].Mem)
		dst := b.a64Into(r)
		b.load(dst, at, n, tags...)
		if sign && dst != ir.NoReg {
			b.a64Assign(r, signed(val(dst), 8*n))
		}
	}
}

func a64Store(size int, tags ...string) func(*builder, *Inst) {
	return func(b *builder, in *Inst) {
		r := in.Args[0].Reg
		n := a64Size(size, r)
		v := low(b.getReg(r), 8*n)
		if m := in.Args[1].Mem; (m.Pre || m.Post) && r.Name == m.Base.Name {
			before := b.tmp("stored")
			b.assign(before, v)
			v = val(before)
		}
		b.store(b.a64Address(in.Args[1].Mem), v, n, tags...)
	}
}

// a64Pair is the address of a pair, and the size of each of the two.
func (b *builder) a64Pair(in *Inst, size int) func(i int) *ir.Expr {
	at := b.tmp("pair")
	b.assign(at, b.a64Address(in.Args[len(in.Args)-1].Mem))
	return func(i int) *ir.Expr { return plus(val(at), num(int64(i*size))) }
}

func (b *builder) a64LoadPair(in *Inst, sign bool, tags ...string) {
	size := in.Args[0].Reg.Bits / 8
	if sign {
		size = 4
	}
	address := b.a64Pair(in, size)
	for i := range 2 {
		dst := b.a64Into(in.Args[i].Reg)
		b.load(dst, address(i), size, tags...)
		if sign && dst != ir.NoReg {
			b.assign(dst, signed(val(dst), 32))
		}
	}
}

// a64LoadPairUnordered is LDAP: its annotation orders each load with all others, and not
// with the other one of the pair.
func (b *builder) a64LoadPairUnordered(in *Inst, tags ...string) {
	size := in.Args[0].Reg.Bits / 8
	address := b.a64Pair(in, size)
	for i, pair := range a64PairTags {
		b.load(b.a64Into(in.Args[i].Reg), address(i), size, append(tags, pair)...)
	}
}

// a64StorePair is STP. Of STILP with pre-index, the store to the higher address is first.
func (b *builder) a64StorePair(in *Inst, tags ...string) {
	size := in.Args[0].Reg.Bits / 8
	address := b.a64Pair(in, size)
	order := [2]int{0, 1}
	if in.Args[2].Mem.Pre && in.Name == "stilp" {
		order = [2]int{1, 0}
	}
	for _, i := range order {
		b.store(address(i), b.getReg(in.Args[i].Reg), size, tags...)
	}
}

// a64StorePairUnordered is STLP, as LDAP is.
func (b *builder) a64StorePairUnordered(in *Inst, tags ...string) {
	size := in.Args[0].Reg.Bits / 8
	address := b.a64Pair(in, size)
	for i, pair := range a64PairTags {
		b.store(address(i), b.getReg(in.Args[i].Reg), size, append(tags, pair)...)
	}
}

// reservation is the register with the address that the last load-exclusive has reserved;
// 0 is none.
const reservation = "reserved"

func a64LoadExclusive(size int, tags ...string) func(*builder, *Inst) {
	return func(b *builder, in *Inst) {
		r := in.Args[0].Reg
		b.reserve(b.a64Into(r), b.a64Address(in.Args[1].Mem), a64Size(size, r), tags...)
	}
}

// reserve is a load-exclusive.
func (b *builder) reserve(dst ir.Reg, at *ir.Expr, size int, tags ...string) {
	b.assign(b.tmp(reservation), at)
	b.load(dst, val(b.tmp(reservation)), size, tags...)
	b.exclusive(0)
}

// exclusive says of the last access that it is one half of an atomic operation on a word,
// which is told apart from other words by its reservation.
func (b *builder) exclusive(reservation uint8) {
	in := &b.code[len(b.code)-1]
	in.Exclusive, in.Reservation = true, reservation
}

// conditional is a store-exclusive. It writes if the address is the one that is reserved,
// or it fails for no reason. done says how it went. Whatever happens the reservation ends.
func (b *builder) conditional(at, v *ir.Expr, size int, done func(failed int64), tags ...string) {
	b.conditionally(at, func() {
		b.update(at, v, size, tags...)
		b.exclusive(0)
	}, done)
}

// conditionally is a store-exclusive whose writes are those of store.
func (b *builder) conditionally(at *ir.Expr, store func(), done func(failed int64)) {
	b.chance(func() {
		b.assume(op(ir.Eq, at, val(b.tmp(reservation))))
		store()
		done(0)
	}, func() { done(1) })
	b.assign(b.tmp(reservation), num(0))
}

func a64StoreExclusive(size int, tags ...string) func(*builder, *Inst) {
	return func(b *builder, in *Inst) {
		status, r := in.Args[0].Reg, in.Args[1].Reg
		n := a64Size(size, r)
		b.conditional(b.a64Address(in.Args[2].Mem), low(b.getReg(r), 8*n), n, func(failed int64) {
			b.a64Assign(status, num(failed)) // the status carries no dependency
		}, tags...)
	}
}

// a64Atomic is an operation that is one instruction. One that drops what it reads is
// NoRet, and no acquire.
func (b *builder) a64Atomic(in *Inst, rs, rt Reg, m *Mem, size int, read, write string, f func(old, v *ir.Expr, bits int) *ir.Expr) {
	n := a64Size(size, rs)
	if rt.Zero {
		read = "NoRet"
	}
	at, old := b.a64Address(m), b.tmp("old")
	b.load(old, at, n, "X", "LSE", read)
	b.update(at, low(f(val(old), b.getReg(rs), 8*n), 8*n), n, "X", "LSE", write)
	b.a64Assign(rt, val(old))
}

// a64CAS is compare and swap. The comparison picks whether it writes. If it succeeds, the value
// that was read equals the first operand. So that operand may become the value that was read, or
// stay as it was and be picked by the comparison (herd7's DataFromRx and DataFromRRs).
func (b *builder) a64CAS(in *Inst, size int, read, write string) {
	rs, rt := in.Args[0].Reg, in.Args[1].Reg
	n := a64Size(size, rs)
	if rs.Zero {
		read = "NoRet"
	}
	at, old := b.a64Address(in.Args[2].Mem), b.tmp("old")
	want := low(b.getReg(rs), 8*n)
	b.either(func() {
		b.load(old, at, n, "X", "LSE", read)
		b.assume(op(ir.Eq, val(old), want))
		store := func() { b.update(at, low(b.getReg(rt), 8*n), n, "X", "LSE", write) }
		equal := op(ir.Eq, val(old), want)
		if rs.Zero || !b.usedElsewhere(in, rs) {
			b.under(equal, store)
			b.a64Assign(rs, val(old))
			return
		}
		b.either(func() {
			b.under(equal, func() {
				store()
				b.a64Assign(rs, want)
			})
		}, func() {
			b.under(equal, store)
			b.a64Assign(rs, val(old))
		})
	}, func() {
		b.load(old, at, n, read)
		b.assume(op(ir.Ne, val(old), want))
		b.a64Assign(rs, val(old))
	})
}
