package asm

import (
	"slices"
	"strings"
	"sync"

	"crosscall/memmodel/internal/ir"
)

// aarch64 is the machine of the Arm Architecture Reference Manual for A-profile (DDI 0487),
// chapter C6. The annotations are those of herd:
//
//	A      an acquire
//	Q      LDAPR
//	L      a release
//	EX     an exclusive
//	X      an atomic operation that is one instruction
//	NoRet  the read of an operation that does not return the value
var aarch64 = &arch{
	names: []string{"AArch64"}, register: a64Register, arg: a64Arg, forms: sync.OnceValue(a64Forms), refused: a64Refused,
	compare: a64Compare, asks: a64AsksOf, word: 64,
}

// a64Table has what is no load, store or atomic operation: see a64Memory.
var a64Table = rows{
	{"mov", "r rn", func(b *builder, in *Inst) { b.a64Set(in, b.get(in.Args[1])) }},
	{"movz", "r n w?", func(b *builder, in *Inst) { b.a64Set(in, num(in.Args[1].Num<<a64Amount(in, 2))) }},
	{"movn", "r n w?", func(b *builder, in *Inst) { b.a64Set(in, num(^(in.Args[1].Num << a64Amount(in, 2)))) }},
	{"movk", "r n w?", a64Keep},
	{"adr", "r w", func(b *builder, in *Inst) { b.a64Set(in, b.c.symbol(in.Args[1].Name)) }},

	{"add", "r r rn w?", a64ALU(ir.Add, false)},
	{"adds", "r r rn w?", a64ALU(ir.Add, true)},
	{"sub", "r r rn w?", a64ALU(ir.Sub, false)},
	{"subs", "r r rn w?", a64ALU(ir.Sub, true)},
	{"and", "r r rn w?", a64ALU(ir.And, false)},
	{"ands", "r r rn w?", a64ALU(ir.And, true)},
	{"orr", "r r rn w?", a64ALU(ir.Or, false)},
	{"eor", "r r rn w?", a64ALU(ir.Xor, false)},
	{"bic", "r r rn w?", a64Inverted(ir.And, false)},
	{"bics", "r r rn w?", a64Inverted(ir.And, true)},
	{"orn", "r r rn w?", a64Inverted(ir.Or, false)},
	{"eon", "r r rn w?", a64Inverted(ir.Xor, false)},
	{"cmp", "r rn w?", a64Compares(ir.Sub)},
	{"cmn", "r rn w?", a64Compares(ir.Add)},
	{"tst", "r rn w?", a64Compares(ir.And)},
	{"neg", "r r w?", func(b *builder, in *Inst) { b.a64Set(in, op(ir.Sub, num(0), b.a64Second(in, 1))) }},
	{"negs", "r r w?", func(b *builder, in *Inst) { b.a64Operate(in, ir.Sub, num(0), b.a64Second(in, 1), true) }},
	{"mvn", "r r w?", func(b *builder, in *Inst) { b.a64Set(in, op(ir.Xor, b.a64Second(in, 1), num(-1))) }},
	{"mul", "r r r", func(b *builder, in *Inst) { b.a64Set(in, op(ir.Mul, b.get(in.Args[1]), b.get(in.Args[2]))) }},
	{"mneg", "r r r", func(b *builder, in *Inst) {
		b.a64Set(in, op(ir.Sub, num(0), op(ir.Mul, b.get(in.Args[1]), b.get(in.Args[2]))))
	}},
	{"madd", "r r r r", a64Multiply(ir.Add, 64, false)},
	{"msub", "r r r r", a64Multiply(ir.Sub, 64, false)},
	{"smaddl", "r r r r", a64Multiply(ir.Add, 32, true)},
	{"smsubl", "r r r r", a64Multiply(ir.Sub, 32, true)},
	{"umaddl", "r r r r", a64Multiply(ir.Add, 32, false)},
	{"umsubl", "r r r r", a64Multiply(ir.Sub, 32, false)},
	{"smull", "r r r", func(b *builder, in *Inst) { b.a64Long(in, true, false) }},
	{"umull", "r r r", func(b *builder, in *Inst) { b.a64Long(in, false, false) }},
	{"smnegl", "r r r", func(b *builder, in *Inst) { b.a64Long(in, true, true) }},
	{"umnegl", "r r r", func(b *builder, in *Inst) { b.a64Long(in, false, true) }},
	{"lsl lslv", "r r rn", a64Shift("LSL")},
	{"lsr lsrv", "r r rn", a64Shift("LSR")},
	{"asr asrv", "r r rn", a64Shift("ASR")},
	{"sxtb", "r r", a64Extend("SXTB")},
	{"sxth", "r r", a64Extend("SXTH")},
	{"sxtw", "r r", a64Extend("SXTW")},
	{"uxtb", "r r", a64Extend("UXTB")},
	{"uxth", "r r", a64Extend("UXTH")},
	{"uxtw", "r r", a64Extend("UXTW")},
	{"abs", "r r", func(b *builder, in *Inst) {
		v := signed(b.get(in.Args[1]), in.Args[0].Reg.Bits)
		b.a64Set(in, choose(op(ir.Lt, v, num(0)), op(ir.Sub, num(0), v), v))
	}},
	{"rbit", "r r", func(b *builder, in *Inst) { b.a64Reverse(in, 1, in.Args[0].Reg.Bits) }},
	{"rev", "r r", func(b *builder, in *Inst) { b.a64Reverse(in, 8, in.Args[0].Reg.Bits) }},
	{"rev16", "r r", func(b *builder, in *Inst) { b.a64Reverse(in, 8, 16) }},
	{"rev32", "r r", func(b *builder, in *Inst) { b.a64Reverse(in, 8, 32) }},
	{"rev64", "r r", func(b *builder, in *Inst) { b.a64Reverse(in, 8, 64) }},
	{"ubfm", "r r n n", func(b *builder, in *Inst) { b.a64Bitfield(in, false) }},
	{"sbfm", "r r n n", func(b *builder, in *Inst) { b.a64Bitfield(in, true) }},

	{"csel", "r r r w", a64Select(func(e *ir.Expr) *ir.Expr { return e })},
	{"csinc", "r r r w", a64Select(func(e *ir.Expr) *ir.Expr { return op(ir.Add, e, num(1)) })},
	{"csinv", "r r r w", a64Select(func(e *ir.Expr) *ir.Expr { return op(ir.Xor, e, num(-1)) })},
	{"csneg", "r r r w", a64Select(func(e *ir.Expr) *ir.Expr { return op(ir.Sub, num(0), e) })},
	{"cset", "r w", func(b *builder, in *Inst) { b.a64Pick(in, b.a64Condition(in.Args[1]), num(1), num(0)) }},
	{"csetm", "r w", func(b *builder, in *Inst) { b.a64Pick(in, b.a64Condition(in.Args[1]), num(-1), num(0)) }},
	{"cinc", "r r w", func(b *builder, in *Inst) {
		v := b.get(in.Args[1])
		b.a64Pick(in, b.a64Condition(in.Args[2]), op(ir.Add, v, num(1)), v)
	}},

	{"mrs", "r w", func(b *builder, in *Inst) {
		b.a64OnlyNZCV(in.Args[1])
		v := num(0)
		for i, name := range []string{"v", "c", "z", "n"} {
			v = op(ir.Or, v, op(ir.Shl, val(b.tmp(name)), num(int64(28+i))))
		}
		b.a64Set(in, v)
	}},
	{"msr", "w r", func(b *builder, in *Inst) {
		b.a64OnlyNZCV(in.Args[0])
		for i, name := range []string{"v", "c", "z", "n"} {
			b.a64Flag(name, func() *ir.Expr { return op(ir.And, op(ir.Shr, b.get(in.Args[1]), num(int64(28+i))), num(1)) })
		}
	}},
	{"b", "w", func(b *builder, in *Inst) { b.jump(in.Args[0]) }},
	{"cbz", "r w", func(b *builder, in *Inst) { b.branch(isZero(b.get(in.Args[0])), in.Args[1]) }},
	{"cbnz", "r w", func(b *builder, in *Inst) { b.branch(b.get(in.Args[0]), in.Args[1]) }},
	{"tbz", "r n w", func(b *builder, in *Inst) { b.branch(isZero(b.a64Bit(in)), in.Args[2]) }},
	{"tbnz", "r n w", func(b *builder, in *Inst) { b.branch(b.a64Bit(in), in.Args[2]) }},
	{"ret", "r?", func(b *builder, _ *Inst) { b.end() }},
	{"nop", "", func(*builder, *Inst) {}},
	{"isb", "w?", func(b *builder, _ *Inst) { b.fence("ISB") }},
	{"dmb", "w", a64Barrier("DMB.")},
	{"dsb", "w", a64Barrier("DSB.")},
}

// a64Conditions are the conditions of B.cond, CSEL and the others, by their letters.
var a64Conditions = []string{"eq", "ne", "cs", "hs", "cc", "lo", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le", "al"}

func a64Forms() map[string][]form {
	m := a64Table.forms()
	a64Memory(m)
	for _, c := range a64Conditions {
		m["b."+c] = []form{{"w", func(b *builder, in *Inst) { b.branch(b.a64Holds(c), in.Args[0]) }}}
		m["b"+c] = m["b."+c]
	}
	return m
}

const (
	noVirtual    = "tests of virtual memory are not supported"
	noExceptions = "tests with exceptions are not supported"
	noCode       = "tests of code that is modified or fetched are not supported"
	noTags       = "tests with memory tags are not supported"
)

var a64Refused = map[string]string{
	"svc": noExceptions, "eret": noExceptions, "udf": noExceptions, "hvc": noExceptions, "brk": noExceptions,
	"tlbi": noVirtual, "at": noVirtual, "dc": noCode, "ic": noCode,
	"ldg": noTags, "stg": noTags, "stzg": noTags, "irg": noTags, "st2g": noTags,
	"br": noCode, "blr": noCode, "bl": noCode,
}

// a64Set gives the first operand a value.
func (b *builder) a64Set(in *Inst, v *ir.Expr) { b.a64Assign(in.Args[0].Reg, v) }

func (b *builder) a64Assign(r Reg, v *ir.Expr) {
	if !r.Zero {
		b.assign(b.whole(r.Name), low(v, r.Bits))
	}
}

// a64Reverse reverses the order of the units, of so many bits each, within each part of a
// register. It swaps neighbours of one unit, then of two, and so on.
func (b *builder) a64Reverse(in *Inst, unit, part int) {
	v := b.get(in.Args[1])
	for n := unit; n < part; n *= 2 {
		right := int64(^uint64(0) / (1<<n + 1)) // the lower n bits of every 2n bits
		v = op(ir.Or, op(ir.And, logicalShift(v, num(int64(n))), num(right)), op(ir.Shl, op(ir.And, v, num(right)), num(int64(n))))
	}
	b.a64Set(in, v)
}

// a64Amount is by how much a shift that is an operand shifts; 0 without one.
func a64Amount(in *Inst, i int) int64 {
	if i < len(in.Args) {
		return in.Args[i].Num
	}
	return 0
}

// a64Keep is MOVK: 16 bits of a register, the others as they are.
func a64Keep(b *builder, in *Inst) {
	at := a64Amount(in, 2)
	rest := op(ir.And, b.get(in.Args[0]), num(^(0xffff << at)))
	b.a64Set(in, op(ir.Or, rest, num(in.Args[1].Num&0xffff<<at)))
}

// a64Second is the last operand of an operation: a number, or a register that is shifted
// or extended.
func (b *builder) a64Second(in *Inst, i int) *ir.Expr {
	a := in.Args[i]
	if i+1 == len(in.Args) {
		return b.get(a)
	}
	shift := in.Args[i+1]
	if a.Kind == NumArg {
		return num(a.Num << shift.Num)
	}
	return b.a64Shifted(b.get(a), strings.ToUpper(shift.Name), num(shift.Num), in.Args[0].Reg.Bits)
}

// a64Shifted is a value, shifted or extended.
func (b *builder) a64Shifted(v *ir.Expr, how string, by *ir.Expr, bits int) *ir.Expr {
	switch how {
	case "LSR":
		return logicalShift(low(v, bits), by)
	case "ASR":
		return op(ir.Shr, signed(v, bits), by)
	case "ROR":
		left := op(ir.Sub, num(int64(bits)), by)
		return op(ir.Or, logicalShift(low(v, bits), by), op(ir.Shl, v, left))
	}
	v = a64Extended(v, how)
	if by.Op == ir.Const && by.K == 0 {
		return v
	}
	return op(ir.Shl, v, by)
}

// logicalShift shifts to the right and puts in zeros.
func logicalShift(v, by *ir.Expr) *ir.Expr {
	if by.Op == ir.Const {
		if by.K == 0 {
			return v
		}
		return op(ir.And, op(ir.Shr, v, by), num(int64(^uint64(0)>>by.K)))
	}
	keep := op(ir.Xor, op(ir.Shl, op(ir.Shr, num(-1<<63), by), num(1)), num(-1))
	return op(ir.And, op(ir.Shr, v, by), keep)
}

func a64Extended(v *ir.Expr, how string) *ir.Expr {
	switch how {
	case "SXTB":
		return signed(v, 8)
	case "SXTH":
		return signed(v, 16)
	case "SXTW":
		return signed(v, 32)
	case "UXTB":
		return low(v, 8)
	case "UXTH":
		return low(v, 16)
	case "UXTW":
		return low(v, 32)
	}
	return v
}

func a64ALU(o ir.ExprOp, flags bool) func(*builder, *Inst) {
	return func(b *builder, in *Inst) { b.a64Operate(in, o, b.get(in.Args[1]), b.a64Second(in, 2), flags) }
}

func a64Inverted(o ir.ExprOp, flags bool) func(*builder, *Inst) {
	return func(b *builder, in *Inst) {
		b.a64Operate(in, o, b.get(in.Args[1]), op(ir.Xor, b.a64Second(in, 2), num(-1)), flags)
	}
}

// a64Operate has the first operand be the result of an operation.
func (b *builder) a64Operate(in *Inst, o ir.ExprOp, x, y *ir.Expr, flags bool) {
	r := in.Args[0].Reg
	if flags {
		b.a64Flags(o, x, y, r.Bits)
	}
	b.a64Set(in, op(o, x, y))
}

func a64Compares(o ir.ExprOp) func(*builder, *Inst) {
	return func(b *builder, in *Inst) { b.a64Flags(o, b.get(in.Args[0]), b.a64Second(in, 1), in.Args[0].Reg.Bits) }
}

// a64Flags sets N, Z, C and V, those of them that the thread asks for.
func (b *builder) a64Flags(o ir.ExprOp, x, y *ir.Expr, bits int) {
	result := op(o, x, y)
	b.a64Flag("z", func() *ir.Expr { return isZero(low(result, bits)) })
	b.a64Flag("n", func() *ir.Expr { return op(ir.Lt, signed(result, bits), num(0)) })
	b.a64Flag("c", func() *ir.Expr {
		switch o {
		case ir.Add:
			return below(low(result, bits), low(x, bits))
		case ir.Sub:
			return isZero(below(low(x, bits), low(y, bits)))
		}
		return num(0)
	})
	b.a64Flag("v", func() *ir.Expr {
		other := op(ir.Xor, y, result) // an overflow: x has the sign of y, and the result has not
		switch o {
		case ir.Sub:
			other = op(ir.Xor, x, y)
		case ir.Add:
		default:
			return num(0)
		}
		return op(ir.Lt, signed(op(ir.And, op(ir.Xor, x, result), other), bits), num(0))
	})
}

// a64OnlyNZCV refuses system registers other than that of the flags.
func (b *builder) a64OnlyNZCV(a Arg) {
	if !strings.EqualFold(a.Name, "NZCV") {
		b.fail(a.At, "system registers are not supported, but for NZCV: %s", a.Name)
	}
}

func (b *builder) a64Flag(name string, v func() *ir.Expr) {
	if strings.Contains(b.asked, name) {
		b.assign(b.tmp(name), v())
	}
}

// a64Condition is 1 where a condition holds that is an operand.
func (b *builder) a64Condition(a Arg) *ir.Expr {
	if a64Asks(a.Name) == "" {
		b.fail(a.At, "there is no condition %s: there are %s", a.Name, strings.ToUpper(strings.Join(a64Conditions, ", ")))
	}
	return b.a64Holds(strings.ToLower(a.Name))
}

// a64Asks are the flags that a condition asks for; "" if it is none.
func a64Asks(cond string) string {
	switch strings.ToLower(cond) {
	case "eq", "ne":
		return "z"
	case "cs", "hs", "cc", "lo":
		return "c"
	case "mi", "pl":
		return "n"
	case "vs", "vc":
		return "v"
	case "hi", "ls":
		return "cz"
	case "ge", "lt":
		return "nv"
	case "gt", "le":
		return "nvz"
	case "al":
		return "_"
	}
	return ""
}

// a64AsksOf are the flags that an instruction uses.
func a64AsksOf(in *Inst) string {
	if in.Name == "mrs" {
		return "nzcv"
	}
	if len(in.Name) > 1 && in.Name[0] == 'b' {
		if flags := a64Asks(strings.TrimPrefix(in.Name[1:], ".")); flags != "" {
			return flags
		}
	}
	if in.Name[0] == 'c' && len(in.Args) > 0 {
		return a64Asks(in.Args[len(in.Args)-1].Name)
	}
	return ""
}

// a64Holds is 1 where a condition holds.
func (b *builder) a64Holds(cond string) *ir.Expr {
	flag := func(name string) *ir.Expr { return val(b.tmp(name)) }
	switch cond {
	case "eq":
		return flag("z")
	case "ne":
		return isZero(flag("z"))
	case "cs", "hs":
		return flag("c")
	case "cc", "lo":
		return isZero(flag("c"))
	case "mi":
		return flag("n")
	case "pl":
		return isZero(flag("n"))
	case "vs":
		return flag("v")
	case "vc":
		return isZero(flag("v"))
	case "hi":
		return op(ir.LAnd, flag("c"), isZero(flag("z")))
	case "ls":
		return op(ir.LOr, isZero(flag("c")), flag("z"))
	case "ge":
		return op(ir.Eq, flag("n"), flag("v"))
	case "lt":
		return op(ir.Ne, flag("n"), flag("v"))
	case "gt":
		return op(ir.LAnd, isZero(flag("z")), op(ir.Eq, flag("n"), flag("v")))
	case "le":
		return op(ir.LOr, flag("z"), op(ir.Ne, flag("n"), flag("v")))
	}
	return num(1)
}

func a64Multiply(o ir.ExprOp, bits int, sign bool) func(*builder, *Inst) {
	return func(b *builder, in *Inst) {
		x, y := b.get(in.Args[1]), b.get(in.Args[2])
		if sign {
			x, y = signed(x, bits), signed(y, bits)
		}
		b.a64Set(in, op(o, b.get(in.Args[3]), op(ir.Mul, x, y)))
	}
}

// a64Long multiplies two numbers of 32 bits.
func (b *builder) a64Long(in *Inst, sign, negate bool) {
	x, y := b.get(in.Args[1]), b.get(in.Args[2])
	if sign {
		x, y = signed(x, 32), signed(y, 32)
	}
	v := op(ir.Mul, x, y)
	if negate {
		v = op(ir.Sub, num(0), v)
	}
	b.a64Set(in, v)
}

func a64Shift(how string) func(*builder, *Inst) {
	return func(b *builder, in *Inst) {
		bits := in.Args[0].Reg.Bits
		by := op(ir.And, b.get(in.Args[2]), num(int64(bits-1)))
		b.a64Set(in, b.a64Shifted(b.get(in.Args[1]), how, by, bits))
	}
}

func a64Extend(how string) func(*builder, *Inst) {
	return func(b *builder, in *Inst) { b.a64Set(in, a64Extended(b.get(in.Args[1]), how)) }
}

// a64Bitfield is UBFM and SBFM: bits r to s to the bottom, or bits 0 to s up to where r
// rotates them.
func (b *builder) a64Bitfield(in *Inst, sign bool) {
	bits := int64(in.Args[0].Reg.Bits)
	v, r, s := b.get(in.Args[1]), in.Args[2].Num, in.Args[3].Num
	at := int64(0)
	width := s - r + 1
	if s < r {
		width, at, r = s+1, bits-r, 0
	}
	v = logicalShift(v, num(r))
	if sign {
		v = signed(v, int(width))
	} else {
		v = low(v, int(width))
	}
	b.a64Set(in, op(ir.Shl, v, num(at)))
}

func a64Select(other func(*ir.Expr) *ir.Expr) func(*builder, *Inst) {
	return func(b *builder, in *Inst) {
		b.a64Pick(in, b.a64Condition(in.Args[3]), b.get(in.Args[1]), other(b.get(in.Args[2])))
	}
}

// a64Pick gives the first operand one of two values. It depends on that value, and picks
// it by what the condition depends on ("pick dependency", section B2.3): see
// ir.Program.Picks.
func (b *builder) a64Pick(in *Inst, cond, yes, no *ir.Expr) {
	if in.Args[0].Reg.Zero {
		return
	}
	branch := len(b.code)
	b.emit(ir.Instr{Op: ir.Branch, Val: cond})
	b.a64Set(in, no)
	over := len(b.code)
	b.emit(ir.Instr{Op: ir.Jump})
	b.code[branch].Target = len(b.code)
	b.a64Set(in, yes)
	b.code[over].Target, b.code[branch].Join = len(b.code), len(b.code)
}

func (b *builder) a64Bit(in *Inst) *ir.Expr {
	return op(ir.And, op(ir.Shr, b.get(in.Args[0]), num(in.Args[1].Num)), num(1))
}

// a64Barriers are the domains and kinds of accesses of DMB and DSB.
var a64Barriers = strings.Fields("SY ST LD ISH ISHST ISHLD OSH OSHST OSHLD NSH NSHST NSHLD")

// a64Ordering is the annotation for what a barrier orders, whatever its domain.
func a64Ordering(prefix, kind string) string {
	switch {
	case strings.HasSuffix(kind, "LD"):
		return "dmb.ld"
	case strings.HasSuffix(kind, "ST") && prefix == "DSB.":
		return "dsb.st"
	case strings.HasSuffix(kind, "ST"):
		return "dmb.st"
	}
	return "dmb.full"
}

func a64Barrier(prefix string) func(*builder, *Inst) {
	return func(b *builder, in *Inst) {
		kind := strings.ToUpper(in.Args[0].Name)
		if slices.Contains(a64Barriers, kind) {
			b.fence(prefix+kind, a64Ordering(prefix, kind))
			return
		}
		b.fail(in.Args[0].At, "there is no barrier %s: there are %s", kind, strings.Join(a64Barriers, ", "))
	}
}
