package asm

import (
	"strconv"
	"strings"
	"sync"

	"crosscall/memmodel/internal/ir"
)

// ppc is the machine of the Power ISA, books I and II. The annotations are those of
// power.cat: EX for lwarx and stwcx.
var ppc = &arch{
	names: []string{"PPC"}, register: ppcRegister, arg: ppcArg, forms: sync.OnceValue(ppcForms), refused: ppcRefused,
	compare: compareNumbered, asks: ppcAsks, word: 64,
}

var ppcTable = rows{
	{"li", "r n", func(b *builder, in *Inst) { b.ppcSet(in, num(in.Args[1].Num)) }},
	{"lis", "r n", func(b *builder, in *Inst) { b.ppcSet(in, num(in.Args[1].Num<<16)) }},
	{"mr", "r r", func(b *builder, in *Inst) { b.ppcSet(in, b.get(in.Args[1])) }},
	{"addi", "r r n", func(b *builder, in *Inst) { b.ppcSet(in, plus(b.ppcBase(in.Args[1].Reg), num(in.Args[2].Num))) }},
	{"subi", "r r n", func(b *builder, in *Inst) { b.ppcSet(in, plus(b.ppcBase(in.Args[1].Reg), num(-in.Args[2].Num))) }},
	{"addis", "r r n", func(b *builder, in *Inst) {
		b.ppcSet(in, plus(b.ppcBase(in.Args[1].Reg), num(in.Args[2].Num<<16)))
	}},
	{"ori", "r r n", ppcALU(ir.Or)},
	{"xori", "r r n", ppcALU(ir.Xor)},
	{"mulli", "r r n", ppcALU(ir.Mul)},
	{"andi.", "r r n", ppcRecord(ppcALU(ir.And))},
	{"subf", "r r r", ppcSubtractFrom},
	{"subf.", "r r r", ppcRecord(ppcSubtractFrom)},
	{"neg", "r r", func(b *builder, in *Inst) { b.ppcSet(in, op(ir.Sub, num(0), b.get(in.Args[1]))) }},
	{"nor", "r r r", func(b *builder, in *Inst) {
		b.ppcSet(in, op(ir.Xor, op(ir.Or, b.get(in.Args[1]), b.get(in.Args[2])), num(-1)))
	}},
	{"extsw", "r r", func(b *builder, in *Inst) { b.ppcSet(in, signed(b.get(in.Args[1]), 32)) }},
	{"rlwinm", "r r n n n", func(b *builder, in *Inst) {
		b.ppcSet(in, op(ir.And, ppcRotate(b.get(in.Args[1]), in.Args[2].Num), num(ppcMask(in))))
	}},
	{"rlwimi", "r r n n n", func(b *builder, in *Inst) {
		m := ppcMask(in)
		inserted := op(ir.And, ppcRotate(b.get(in.Args[1]), in.Args[2].Num), num(m))
		b.ppcSet(in, op(ir.Or, inserted, op(ir.And, b.get(in.Args[0]), num(^m))))
	}},
	{"clrldi", "r r n", func(b *builder, in *Inst) { b.ppcSet(in, low(b.get(in.Args[1]), int(64-in.Args[2].Num))) }},

	{"cmpw cmpd cmpwi cmpdi", "r rn", func(b *builder, in *Inst) { b.ppcCompare("cr0", b.get(in.Args[0]), b.get(in.Args[1])) }},
	{"cmpw cmpd cmpwi cmpdi", "w r rn", func(b *builder, in *Inst) {
		b.ppcCompare(in.Args[0].Name, b.get(in.Args[1]), b.get(in.Args[2]))
	}},
	{"cmplwi", "r n", func(b *builder, in *Inst) {
		b.ppcCompare("cr0", low(b.get(in.Args[0]), 32), num(in.Args[1].Num&0xffff))
	}},
	{"mfcr", "r", func(b *builder, in *Inst) {
		b.ppcSet(in, choose(b.ppcHolds("lt"), num(8), choose(b.ppcHolds("gt"), num(4), choose(b.ppcHolds("eq"), num(2), num(0)))))
	}},
	{"b", "w", func(b *builder, in *Inst) { b.jump(in.Args[0]) }},
	{"beq", "w", ppcBranch("eq")},
	{"bne", "w", ppcBranch("ne")},
	{"blt", "w", ppcBranch("lt")},
	{"bge bnl", "w", ppcBranch("ge")},
	{"bgt", "w", ppcBranch("gt")},
	{"ble bng", "w", ppcBranch("le")},
	{"blr", "", func(b *builder, _ *Inst) { b.end() }},
	{"nop", "", func(*builder, *Inst) {}},

	{"lwarx", "r r r", func(b *builder, in *Inst) { b.reserve(b.whole(in.Args[0].Reg.Name), b.ppcIndexed(in), 4, "EX") }},
	{"ldarx", "r r r", func(b *builder, in *Inst) { b.reserve(b.whole(in.Args[0].Reg.Name), b.ppcIndexed(in), 8, "EX") }},
	{"stwcx.", "r r r", func(b *builder, in *Inst) { b.ppcConditional(in, 4) }},
	{"stdcx.", "r r r", func(b *builder, in *Inst) { b.ppcConditional(in, 8) }},

	{"sync hwsync", "", func(b *builder, _ *Inst) { b.fence("SYNC") }},
	{"lwsync", "", func(b *builder, _ *Inst) { b.fence("LWSYNC") }},
	{"eieio", "", func(b *builder, _ *Inst) { b.fence("EIEIO") }},
	{"isync", "", func(b *builder, _ *Inst) { b.fence("ISYNC") }},
}

// ppcOperations are the operations on two registers; with a dot they set cr0 as well.
var ppcOperations = []struct {
	name string
	op   ir.ExprOp
}{{"add", ir.Add}, {"sub", ir.Sub}, {"and", ir.And}, {"or", ir.Or}, {"xor", ir.Xor}, {"mullw", ir.Mul}, {"divw", ir.Div}}

// ppcAccesses are the loads and stores: of so many bytes, with or without a sign.
var ppcAccesses = []struct {
	load, store string
	size        int
	sign        bool
}{{"lbz", "stb", 1, false}, {"lhz", "sth", 2, false}, {"lwz", "stw", 4, false}, {"lwa", "", 4, true}, {"ld", "std", 8, false}}

func ppcForms() map[string][]form {
	m := ppcTable.forms()
	add := func(name, args string, do func(*builder, *Inst)) { m[name] = append(m[name], form{args, do}) }
	for _, o := range ppcOperations {
		add(o.name, "r r r", ppcALU(o.op))
		add(o.name+".", "r r r", ppcRecord(ppcALU(o.op)))
	}
	for _, a := range ppcAccesses {
		add(a.load, "r m", func(b *builder, in *Inst) { b.ppcLoad(in, b.ppcAddress(in.Args[1].Mem), a.size, a.sign) })
		add(a.load, "r n r", func(b *builder, in *Inst) {
			b.ppcLoad(in, plus(b.ppcBase(in.Args[2].Reg), num(in.Args[1].Num)), a.size, a.sign)
		})
		add(a.load+"x", "r r r", func(b *builder, in *Inst) { b.ppcLoad(in, b.ppcIndexed(in), a.size, a.sign) })
		if a.store == "" {
			continue
		}
		add(a.store, "r m", func(b *builder, in *Inst) { b.ppcStore(in, b.ppcAddress(in.Args[1].Mem), a.size) })
		add(a.store, "r n r", func(b *builder, in *Inst) {
			b.ppcStore(in, plus(b.ppcBase(in.Args[2].Reg), num(in.Args[1].Num)), a.size)
		})
		add(a.store+"x", "r r r", func(b *builder, in *Inst) { b.ppcStore(in, b.ppcIndexed(in), a.size) })
		add(a.load+"u", "r m", func(b *builder, in *Inst) {
			at := b.ppcAddress(in.Args[1].Mem)
			b.assign(b.tmp("address"), at)
			b.ppcLoad(in, val(b.tmp("address")), a.size, a.sign)
			b.assign(b.whole(in.Args[1].Mem.Base.Name), val(b.tmp("address")))
		})
		add(a.store+"u", "r m", func(b *builder, in *Inst) {
			b.assign(b.tmp("address"), b.ppcAddress(in.Args[1].Mem))
			b.ppcStore(in, val(b.tmp("address")), a.size)
			b.assign(b.whole(in.Args[1].Mem.Base.Name), val(b.tmp("address")))
		})
	}
	return m
}

var ppcRefused = map[string]string{
	"dcbf": "it writes caches back, which the model does not speak of", "icbi": noCode, "tlbie": noVirtual, "sc": noExceptions,
	"bl": noCode, "mtlr": noCode, "mflr": noCode, "lmw": "it accesses many variables", "stmw": "it accesses many variables",
}

func ppcRegister(name string) (Reg, bool) {
	if strings.HasPrefix(name, "%") {
		return Reg{Name: name, Bits: 64}, len(name) > 1
	}
	n, ok := numbered(strings.ToLower(name), "r", 32)
	return Reg{Name: "r" + strconv.Itoa(n), Bits: 64}, ok
}

// numbered is the number of a register whose name is letters and a number below most.
func numbered(name, letters string, most int) (n int, ok bool) {
	digits, ok := strings.CutPrefix(name, letters)
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil && n >= 0 && n < most && strconv.Itoa(n) == digits
}

// ppcArg reads an operand: r1, 4, 0(r1), cr0, a label.
func ppcArg(s *scanner, a *arch) Arg {
	arg := Arg{At: s.tok.at}
	if s.tok.kind == 'n' || s.tok.kind == '-' || s.tok.kind == '(' {
		arg.Kind = NumArg
		if s.tok.kind != '(' {
			arg.Num = s.integer()
		}
		if s.accept('(') {
			r := s.plainReg(a)
			arg.Kind, arg.Mem = MemArg, &Mem{Base: &r, Disp: arg.Num, Scale: 1}
			s.expect(')')
		}
		return arg
	}
	name := s.a64Word()
	if r, ok := a.register(name); ok {
		arg.Reg = r
		return arg
	}
	arg.Kind, arg.Name = NameArg, name
	return arg
}

// plainReg reads a register.
func (s *scanner) plainReg(a *arch) Reg {
	at := s.tok
	name := s.a64Word()
	r, ok := a.register(name)
	if !ok {
		s.tok = at
		s.fail("%s has no register %s", a.names[0], name)
	}
	return r
}

func (b *builder) ppcSet(in *Inst, v *ir.Expr) { b.assign(b.whole(in.Args[0].Reg.Name), v) }

// ppcBase is a register in an address, where r0 is 0.
func (b *builder) ppcBase(r Reg) *ir.Expr {
	if r.Name == "r0" {
		return num(0)
	}
	return b.getReg(r)
}

func (b *builder) ppcAddress(m *Mem) *ir.Expr { return plus(b.ppcBase(*m.Base), num(m.Disp)) }

// ppcIndexed is the sum of the second and the third operand.
func (b *builder) ppcIndexed(in *Inst) *ir.Expr {
	base, index := b.ppcBase(in.Args[1].Reg), b.getReg(in.Args[2].Reg)
	if base.Op == ir.Const {
		return plus(index, base)
	}
	return plus(base, index)
}

func (b *builder) ppcLoad(in *Inst, at *ir.Expr, size int, sign bool) {
	dst := b.whole(in.Args[0].Reg.Name)
	b.load(dst, at, size)
	if sign {
		b.assign(dst, signed(val(dst), 8*size))
	}
}

func (b *builder) ppcStore(in *Inst, at *ir.Expr, size int) {
	b.store(at, low(b.getReg(in.Args[0].Reg), 8*size), size)
}

// ppcConditional is stwcx., which says in cr0 how it went. That carries no dependency.
func (b *builder) ppcConditional(in *Inst, size int) {
	b.conditional(b.ppcIndexed(in), low(b.getReg(in.Args[0].Reg), 8*size), size, func(failed int64) {
		b.ppcCompare("cr0", num(failed), num(0))
		if failed == 1 && strings.Contains(b.asked, "o") {
			b.assign(b.tmp("cr0.none"), num(1))
		}
	}, "EX")
}

// ppcRotate rotates the low 32 bits of a value to the left, and has them in both halves of
// the register: ROTL32 of the Power ISA.
func ppcRotate(v *ir.Expr, by int64) *ir.Expr {
	v = low(v, 32)
	if by &= 31; by > 0 {
		v = op(ir.Or, low(op(ir.Shl, v, num(by)), 32), logicalShift(v, num(32-by)))
	}
	return op(ir.Or, v, op(ir.Shl, v, num(32)))
}

// ppcMask has ones from the bit of the last operand but one to that of the last, of a word
// whose bits are counted from the left: MASK(MB+32, ME+32) of the Power ISA. It wraps round
// if the first is behind the last.
func ppcMask(in *Inst) int64 {
	first, last := in.Args[3].Num&31+32, in.Args[4].Num&31+32
	from, to := ^uint64(0)>>first, ^uint64(0)<<(63-last)
	if first <= last {
		return int64(from & to)
	}
	return int64(from | to)
}

func ppcALU(o ir.ExprOp) func(*builder, *Inst) {
	return func(b *builder, in *Inst) { b.ppcSet(in, op(o, b.get(in.Args[1]), b.get(in.Args[2]))) }
}

func ppcSubtractFrom(b *builder, in *Inst) {
	b.ppcSet(in, op(ir.Sub, b.get(in.Args[2]), b.get(in.Args[1])))
}

// ppcRecord is an operation whose result is compared with 0.
func ppcRecord(do func(*builder, *Inst)) func(*builder, *Inst) {
	return func(b *builder, in *Inst) {
		do(b, in)
		b.ppcCompare("cr0", b.getReg(in.Args[0].Reg), num(0))
	}
}

// ppcCompare keeps the two values that are compared, for branches. A branch reads cr0.
func (b *builder) ppcCompare(cr string, x, y *ir.Expr) {
	if strings.ToLower(cr) != "cr0" || b.asked == "" {
		return
	}
	b.assign(b.tmp("cr0.left"), x)
	b.assign(b.tmp("cr0.right"), y)
	if strings.Contains(b.asked, "o") {
		b.assign(b.tmp("cr0.none"), num(0))
	}
}

// ppcAsks is what a branch asks: c for equal or not, and o for an order. After a stwcx. that
// failed neither is less.
func ppcAsks(in *Inst) string {
	switch in.Name {
	case "beq", "bne":
		return "c"
	case "blt", "bge", "bnl", "bgt", "ble", "bng", "mfcr":
		return "co"
	}
	return ""
}

func (b *builder) ppcHolds(cond string) *ir.Expr {
	x, y, none := val(b.tmp("cr0.left")), val(b.tmp("cr0.right")), b.tmp("cr0.none")
	switch cond {
	case "eq":
		return op(ir.Eq, x, y)
	case "ne":
		return op(ir.Ne, x, y)
	case "lt":
		return op(ir.LAnd, isZero(val(none)), op(ir.Lt, x, y))
	case "gt":
		return op(ir.LAnd, isZero(val(none)), op(ir.Gt, x, y))
	case "ge":
		return op(ir.LOr, val(none), op(ir.Ge, x, y))
	}
	return op(ir.LOr, val(none), op(ir.Le, x, y))
}

func ppcBranch(cond string) func(*builder, *Inst) {
	return func(b *builder, in *Inst) { b.branch(b.ppcHolds(cond), in.Args[0]) }
}
