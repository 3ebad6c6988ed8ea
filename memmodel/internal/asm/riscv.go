package asm

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"crosscall/memmodel/internal/ir"
)

// riscv is the machine of the RISC-V Instruction Set Manual, volume I: RV64I, A and what
// herd adds, .aq and .rl of plain loads and stores. The annotations are those of riscv.cat:
// Acq, Rel and AcqRel, X for AMOs, EX for LR and SC.
var riscv = &arch{
	names: []string{"RISCV"}, register: rvRegister, arg: ppcArg, forms: sync.OnceValue(rvForms), refused: rvRefused,
	compare: compareNumbered, word: 64, signed: true,
}

var rvTable = rows{
	{"li", "r n", func(b *builder, in *Inst) { b.rvSet(in, num(in.Args[1].Num)) }},
	{"lui", "r n", func(b *builder, in *Inst) { b.rvSet(in, num(in.Args[1].Num<<12)) }},
	{"la", "r w", func(b *builder, in *Inst) { b.rvSet(in, b.c.symbol(in.Args[1].Name)) }},
	{"mv", "r r", func(b *builder, in *Inst) { b.rvSet(in, b.get(in.Args[1])) }},
	{"sext.w", "r r", func(b *builder, in *Inst) { b.rvSet(in, signed(b.get(in.Args[1]), 32)) }},
	{"not", "r r", func(b *builder, in *Inst) { b.rvSet(in, op(ir.Xor, b.get(in.Args[1]), num(-1))) }},
	{"neg", "r r", func(b *builder, in *Inst) { b.rvSet(in, op(ir.Sub, num(0), b.get(in.Args[1]))) }},
	{"seqz", "r r", func(b *builder, in *Inst) { b.rvSet(in, isZero(b.get(in.Args[1]))) }},
	{"snez", "r r", func(b *builder, in *Inst) { b.rvSet(in, op(ir.Ne, b.get(in.Args[1]), num(0))) }},

	{"j", "w", func(b *builder, in *Inst) { b.jump(in.Args[0]) }},
	{"beqz", "r w", func(b *builder, in *Inst) { b.branch(isZero(b.get(in.Args[0])), in.Args[1]) }},
	{"bnez", "r w", func(b *builder, in *Inst) { b.branch(op(ir.Ne, b.get(in.Args[0]), num(0)), in.Args[1]) }},
	{"beq", "r r w", rvBranch(func(x, y *ir.Expr) *ir.Expr { return op(ir.Eq, x, y) })},
	{"bne", "r r w", rvBranch(func(x, y *ir.Expr) *ir.Expr { return op(ir.Ne, x, y) })},
	{"blt", "r r w", rvBranch(func(x, y *ir.Expr) *ir.Expr { return op(ir.Lt, x, y) })},
	{"bge", "r r w", rvBranch(func(x, y *ir.Expr) *ir.Expr { return op(ir.Ge, x, y) })},
	{"bltu", "r r w", rvBranch(below)},
	{"bgeu", "r r w", rvBranch(func(x, y *ir.Expr) *ir.Expr { return isZero(below(x, y)) })},
	{"ret", "", func(b *builder, _ *Inst) { b.end() }},
	{"nop", "", func(*builder, *Inst) {}},

	{"fence", "", func(b *builder, _ *Inst) { b.fence("fence.rw.rw") }},
	{"fence", "w w", rvFence},
	{"fence.tso", "", func(b *builder, _ *Inst) { b.fence("fence.tso") }},
	{"fence.i", "", func(b *builder, _ *Inst) { b.fence("fence.i") }},
}

// rvOperations are the operations on two registers. An i behind the name makes one on a register
// and a number. If word is set, a w behind the name makes one on numbers of 32 bits.
var rvOperations = []struct {
	name string
	word bool
	f    func(x, y *ir.Expr) *ir.Expr
}{
	{"add", true, func(x, y *ir.Expr) *ir.Expr { return plus(x, y) }},
	{"sub", true, func(x, y *ir.Expr) *ir.Expr { return op(ir.Sub, x, y) }},
	{"and", false, func(x, y *ir.Expr) *ir.Expr { return op(ir.And, x, y) }},
	{"or", false, func(x, y *ir.Expr) *ir.Expr { return op(ir.Or, x, y) }},
	{"xor", false, func(x, y *ir.Expr) *ir.Expr { return op(ir.Xor, x, y) }},
	{"slt", false, func(x, y *ir.Expr) *ir.Expr { return op(ir.Lt, x, y) }},
	{"sltu", false, below},
	{"sll", true, func(x, y *ir.Expr) *ir.Expr { return op(ir.Shl, x, y) }},
	{"srl", true, logicalShift},
	{"sra", true, func(x, y *ir.Expr) *ir.Expr { return op(ir.Shr, x, y) }},
	{"mul", true, func(x, y *ir.Expr) *ir.Expr { return op(ir.Mul, x, y) }},
}

// rvOrders are the letters that say how an access is ordered, with the annotations of a
// load, a store, and the two halves of an AMO.
var rvOrders = []struct{ letters, load, store, read, write string }{
	{"", "", "", "", ""},
	{".aq", "Acq", "", "Acq", ""},
	{".rl", "", "Rel", "", "Rel"},
	{".aq.rl", "AcqRel", "AcqRel", "AcqRel", "AcqRel"},
	{".aqrl", "AcqRel", "AcqRel", "AcqRel", "AcqRel"},
}

// rvAMOs are the atomic operations.
var rvAMOs = []struct {
	name string
	f    func(old, v *ir.Expr) *ir.Expr
}{
	{"amoswap", func(_, v *ir.Expr) *ir.Expr { return v }},
	{"amoadd", func(old, v *ir.Expr) *ir.Expr { return op(ir.Add, old, v) }},
	{"amoand", func(old, v *ir.Expr) *ir.Expr { return op(ir.And, old, v) }},
	{"amoor", func(old, v *ir.Expr) *ir.Expr { return op(ir.Or, old, v) }},
	{"amoxor", func(old, v *ir.Expr) *ir.Expr { return op(ir.Xor, old, v) }},
	{"amomax", func(old, v *ir.Expr) *ir.Expr { return choose(op(ir.Ge, old, v), old, v) }},
	{"amomin", func(old, v *ir.Expr) *ir.Expr { return choose(op(ir.Le, old, v), old, v) }},
	{"amomaxu", func(old, v *ir.Expr) *ir.Expr { return choose(below(old, v), v, old) }},
	{"amominu", func(old, v *ir.Expr) *ir.Expr { return choose(below(old, v), old, v) }},
}

var rvSizes = []struct {
	letter string
	size   int
}{{"b", 1}, {"h", 2}, {"w", 4}, {"d", 8}}

var rvRefused = map[string]string{
	"ecall": noExceptions, "ebreak": noExceptions, "sfence.vma": noVirtual, "jal": noCode, "jalr": noCode,
	"auipc": "code has no addresses",
}

func rvForms() map[string][]form {
	m := rvTable.forms()
	add := func(name, args string, do func(*builder, *Inst)) { m[name] = append(m[name], form{args, do}) }
	for _, o := range rvOperations {
		add(o.name, "r r rn", func(b *builder, in *Inst) { b.rvSet(in, o.f(b.get(in.Args[1]), b.get(in.Args[2]))) })
		immediate := o.name + "i"
		if o.name == "sltu" {
			immediate = "sltiu"
		}
		add(immediate, "r r n", m[o.name][0].do)
		if o.word {
			word := rvWord(o.name, o.f)
			add(o.name+"w", "r r rn", word)
			add(immediate+"w", "r r n", word)
		}
	}
	for _, o := range rvOrders {
		for _, s := range rvSizes {
			add("l"+s.letter+o.letters, "r m", func(b *builder, in *Inst) { b.rvLoad(in, s.size, true, o.load) })
			add("l"+s.letter+"u"+o.letters, "r m", func(b *builder, in *Inst) { b.rvLoad(in, s.size, false, o.load) })
			add("s"+s.letter+o.letters, "r m", func(b *builder, in *Inst) {
				b.store(b.rvAddress(in.Args[1].Mem), signed(b.get(in.Args[0]), 8*s.size), s.size, o.store)
			})
			if s.size < 4 {
				continue
			}
			add("lr."+s.letter+o.letters, "r m", func(b *builder, in *Inst) {
				b.reserve(b.rvInto(in.Args[0].Reg), b.rvAddress(in.Args[1].Mem), s.size, "EX", o.load)
			})
			add("sc."+s.letter+o.letters, "r r m", func(b *builder, in *Inst) { b.rvConditional(in, s.size, o.store) })
			for _, a := range rvAMOs {
				add(a.name+"."+s.letter+o.letters, "r r m", func(b *builder, in *Inst) { b.rvAMO(in, s.size, a.f, o.read, o.write) })
			}
		}
	}
	return m
}

// rvNames are the registers by the names of the calling convention.
var rvNames = strings.Fields("zero ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6")

func rvRegister(name string) (Reg, bool) {
	if strings.HasPrefix(name, "%") {
		return Reg{Name: name, Bits: 64}, len(name) > 1
	}
	name = strings.ToLower(name)
	n, ok := numbered(name, "x", 32)
	if !ok {
		if name == "fp" {
			name = "s0"
		}
		n = slices.Index(rvNames, name)
	}
	return Reg{Name: "x" + strconv.Itoa(n), Bits: 64, Zero: n == 0}, n >= 0
}

func (b *builder) rvSet(in *Inst, v *ir.Expr) {
	if r := in.Args[0].Reg; !r.Zero {
		b.assign(b.whole(r.Name), v)
	}
}

func (b *builder) rvInto(r Reg) ir.Reg {
	if r.Zero {
		return ir.NoReg
	}
	return b.whole(r.Name)
}

func (b *builder) rvAddress(m *Mem) *ir.Expr { return plus(b.getReg(*m.Base), num(m.Disp)) }

// rvWord is an operation on the low 32 bits, whose result extends the sign.
func rvWord(name string, f func(x, y *ir.Expr) *ir.Expr) func(*builder, *Inst) {
	return func(b *builder, in *Inst) {
		x, y := b.get(in.Args[1]), b.get(in.Args[2])
		switch name {
		case "srl":
			x = low(x, 32)
		case "sra":
			x = signed(x, 32)
		}
		b.rvSet(in, signed(f(x, y), 32))
	}
}

func (b *builder) rvLoad(in *Inst, size int, sign bool, tag string) {
	dst := b.rvInto(in.Args[0].Reg)
	b.load(dst, b.rvAddress(in.Args[1].Mem), size, tag)
	if !sign && dst != ir.NoReg && size < 8 { // cells hold numbers with a sign
		b.assign(dst, low(val(dst), 8*size))
	}
}

// rvConditional is SC. Where it succeeds the status depends on the store: SC is a memory
// operation whose destination register can be the source of a dependency (chapter "RVWMO",
// "Syntactic dependencies").
func (b *builder) rvConditional(in *Inst, size int, tag string) {
	at := b.rvAddress(in.Args[2].Mem)
	b.conditional(at, signed(b.get(in.Args[1]), 8*size), size, func(failed int64) {
		status := in.Args[0].Reg
		if failed == 0 && !status.Zero {
			store := &b.code[len(b.code)-1]
			store.Yields, store.Dst = true, b.whole(status.Name)
			return
		}
		b.rvSet(in, num(failed))
	}, "EX", tag)
}

func (b *builder) rvAMO(in *Inst, size int, f func(old, v *ir.Expr) *ir.Expr, read, write string) {
	at, old := b.rvAddress(in.Args[2].Mem), b.tmp("old")
	b.load(old, at, size, "X", read)
	b.update(at, signed(f(val(old), signed(b.get(in.Args[1]), 8*size)), 8*size), size, "X", write)
	b.rvSet(in, val(old))
}

func rvBranch(cond func(x, y *ir.Expr) *ir.Expr) func(*builder, *Inst) {
	return func(b *builder, in *Inst) { b.branch(cond(b.get(in.Args[0]), b.get(in.Args[1])), in.Args[2]) }
}

// rvFence is FENCE with the accesses before it and behind it. Those of devices are none.
func rvFence(b *builder, in *Inst) {
	tag := "fence"
	for _, a := range in.Args {
		if strings.Trim(a.Name, "iorw") != "" || a.Name == "" {
			b.fail(a.At, "there is no kind of access %q: there are r, w, rw, and with i and o those of devices", a.Name)
		}
		kind := ""
		for _, k := range []string{"r", "w"} {
			if strings.Contains(a.Name, k) {
				kind += k
			}
		}
		if kind == "" {
			return // devices alone
		}
		tag += "." + kind
	}
	b.fence(tag)
}
