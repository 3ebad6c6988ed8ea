package asm

import (
	"strings"
	"sync"

	"crosscall/memmodel/internal/ir"
)

// x86 is the machine of herd's X86: 32 bits, with the operands in Intel's order. x8664 is
// that of X86_64, with those in AT&T's order. Both have one table, in Intel's order.
//
// Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2. An instruction
// that reads and writes memory is two accesses; with LOCK, and XCHG always, they are
// atomic and have the annotation X of x86-tso.cat.
var (
	x86 = &arch{
		names: []string{"X86"}, register: x86Register(32), arg: x86Arg, forms: x86Forms, refused: x86Refused,
		compare: compareNumbered, asks: x86Asks, word: 32, accumulator: "EAX",
	}
	x8664 = &arch{
		names: []string{"X86_64"}, register: x86Register(64), arg: x86Arg, forms: x86Forms, refused: x86Refused,
		suffixed: x86Suffixed, compare: x86Compare, asks: x86Asks, reversed: true, word: 64, accumulator: "rax",
	}
)

var x86Forms = sync.OnceValue(x86Table.forms)

var x86Table = rows{
	{"mov", "rm rnm", func(b *builder, in *Inst) {
		b.x86Set(in, 0, b.x86Get(in, 1))
	}},
	{"movnti", "m r", func(b *builder, in *Inst) {
		b.x86Set(in, 0, b.x86Get(in, 1))
	}},
	{"lea", "r m", func(b *builder, in *Inst) {
		b.setPart(in.Args[0].Reg, b.x86Address(in.Args[1].Mem))
	}},
	{"add", "rm rnm", x86Operation(ir.Add, b2)},
	{"sub", "rm rnm", x86Operation(ir.Sub, b2)},
	{"and", "rm rnm", x86Operation(ir.And, b2)},
	{"or", "rm rnm", x86Operation(ir.Or, b2)},
	{"xor", "rm rnm", x86Operation(ir.Xor, b2)},
	{"shl", "rm rn", x86Operation(ir.Shl, b2)},
	{"inc", "rm", x86Operation(ir.Add, b1)},
	{"dec", "rm", x86Operation(ir.Sub, b1)},
	{"neg", "rm", func(b *builder, in *Inst) {
		b.x86Update(in, func(old *ir.Expr) *ir.Expr { return op(ir.Sub, num(0), old) })
	}},
	{"not", "rm", func(b *builder, in *Inst) {
		b.x86Update(in, func(old *ir.Expr) *ir.Expr { return op(ir.Xor, old, num(-1)) })
	}},
	{"cmp", "rm rnm", func(b *builder, in *Inst) {
		v := b.x86Get(in, 0)
		b.x86Flags(v, b.x86Get(in, 1), b.x86Size(in))
	}},
	{"test", "rm rnm", func(b *builder, in *Inst) {
		v := b.x86Get(in, 0)
		b.x86Flags(op(ir.And, v, b.x86Get(in, 1)), num(0), b.x86Size(in))
	}},
	{"xchg", "rm rm", x86Exchange("X")},
	{"uxch", "rm rm", x86Exchange("")},
	{"xadd", "rm r", func(b *builder, in *Inst) {
		other := b.getReg(in.Args[1].Reg)
		old := b.tmp("old")
		b.x86Update(in, func(v *ir.Expr) *ir.Expr {
			b.assign(old, v)
			return op(ir.Add, val(old), other)
		})
		b.setPart(in.Args[1].Reg, val(old))
	}},
	{"cmpxchg", "rm r", x86CompareExchange},
	{"mfence", "", func(b *builder, in *Inst) { b.fence("MFENCE") }},
	{"sfence", "", func(b *builder, in *Inst) { b.fence("SFENCE") }},
	{"lfence", "", func(b *builder, in *Inst) { b.fence("LFENCE") }},
	{"nop endbr64 nopa", "", func(*builder, *Inst) {}},
	{"nop", "rm", func(*builder, *Inst) {}},
	{"jmp", "w", func(b *builder, in *Inst) { b.jump(in.Args[0]) }},
	{"je jz", "w", x86Jump("e")},
	{"jne jnz", "w", x86Jump("ne")},
	{"jl jlt", "w", x86Jump("l")},
	{"jle", "w", x86Jump("le")},
	{"jg jgt", "w", x86Jump("g")},
	{"jge", "w", x86Jump("ge")},
	{"js", "w", x86Jump("s")},
	{"jns", "w", x86Jump("ns")},
	{"jb jc", "w", x86Jump("b")},
	{"jae jnb jnc", "w", x86Jump("ae")},
	{"ja", "w", x86Jump("a")},
	{"jbe", "w", x86Jump("be")},
	{"cmovc cmovb", "r rm", x86Move("b")},
	{"cmove", "r rm", x86Move("e")},
	{"cmovne", "r rm", x86Move("ne")},
	{"setnb setae", "rm", func(b *builder, in *Inst) { b.x86Set(in, 0, b.x86Condition("ae")) }},
	{"sete", "rm", func(b *builder, in *Inst) { b.x86Set(in, 0, b.x86Condition("e")) }},
	{"setne", "rm", func(b *builder, in *Inst) { b.x86Set(in, 0, b.x86Condition("ne")) }},
	{"ret", "", func(b *builder, in *Inst) { b.end() }},
}

// x86Lockable are the instructions that LOCK can stand before, if they write memory.
var x86Lockable = strings.Fields("add sub and or xor inc dec neg not xchg xadd cmpxchg")

var x86Refused = map[string]string{
	"clflush": "it writes caches back, which the model does not speak of", "clflushopt": "it writes caches back, which the model does not speak of",
	"movntdqa": "it moves registers of 128 bits", "movd": "it moves registers of 128 bits",
	"int": "tests with exceptions are not supported", "hlt": "tests with exceptions are not supported",
	"invlpg": "tests of virtual memory are not supported",
}

// b1 and b2 are the second operand of an operation: 1, or what is written.
func b1(*builder, *Inst) *ir.Expr { return num(1) }

func b2(b *builder, in *Inst) *ir.Expr { return b.x86Get(in, 1) }

// x86Operation is an operation whose first operand is its result.
func x86Operation(o ir.ExprOp, second func(*builder, *Inst) *ir.Expr) func(*builder, *Inst) {
	return func(b *builder, in *Inst) {
		v := second(b, in)
		bits := 8 * b.x86Size(in)
		b.x86Update(in, func(old *ir.Expr) *ir.Expr {
			before, result := b.tmp("before"), b.tmp("result")
			b.assign(before, old)
			b.assign(result, low(op(o, old, v), bits))
			b.x86Result(in, o, val(before), v, val(result), bits)
			return val(result)
		})
	}
}

// x86Result sets the flags after an operation.
func (b *builder) x86Result(in *Inst, o ir.ExprOp, old, v, result *ir.Expr, bits int) {
	var left, right, carry *ir.Expr
	switch o {
	case ir.Add:
		left, right, carry = op(ir.Add, signed(old, bits), signed(v, bits)), num(0), below(result, low(v, bits))
	case ir.Sub:
		left, right, carry = signed(old, bits), signed(v, bits), below(old, low(v, bits))
	case ir.Shl:
		left, right, carry = signed(result, bits), num(0), op(ir.And, op(ir.Shr, old, op(ir.Sub, num(int64(bits)), v)), num(1))
	default:
		left, right, carry = signed(result, bits), num(0), num(0)
	}
	if in.Name == "inc" || in.Name == "dec" {
		carry = nil
	}
	b.x86SetFlags(left, right, signed(result, bits), carry)
}

// x86Exchange exchanges two operands. With memory that is atomic, with LOCK or without.
func x86Exchange(tag string) func(*builder, *Inst) {
	return func(b *builder, in *Inst) {
		x, y := in.Args[0], in.Args[1]
		if y.Kind == MemArg {
			x, y = y, x
		}
		if y.Kind == MemArg {
			b.fail(y.At, "xchg takes memory once")
		}
		old, size := b.tmp("old"), b.x86Size(in)
		if x.Kind == RegArg {
			b.assign(old, b.getReg(x.Reg))
			b.setPart(x.Reg, b.getReg(y.Reg))
			b.setPart(y.Reg, val(old))
			return
		}
		at := b.x86Address(x.Mem)
		b.load(old, at, size, tag)
		b.update(at, b.getReg(y.Reg), size, tag)
		b.setPart(y.Reg, val(old))
	}
}

// x86CompareExchange compares EAX with the first operand. If they are the same it writes
// the second one there, else it puts what it read into EAX.
func x86CompareExchange(b *builder, in *Inst) {
	size := b.x86Size(in)
	eax := Reg{Name: b.c.arch.accumulator, Bits: 8 * size}
	dst, src := in.Args[0], in.Args[1]
	old := b.tmp("old")
	if dst.Kind == RegArg {
		b.assign(old, b.getReg(dst.Reg))
		b.setPart(dst.Reg, choose(op(ir.Eq, val(old), b.getReg(eax)), b.getReg(src.Reg), val(old)))
		b.x86Flags(b.getReg(eax), val(old), size)
		b.setPart(eax, val(old))
		return
	}
	at, tag := b.x86Address(dst.Mem), b.x86Lock(in)
	b.either(func() {
		b.load(old, at, size, tag)
		b.assume(op(ir.Eq, val(old), b.getReg(eax)))
		b.update(at, b.getReg(src.Reg), size, tag)
		b.x86Flags(val(old), val(old), size)
	}, func() {
		b.load(old, at, size, tag)
		b.assume(op(ir.Ne, val(old), b.getReg(eax)))
		b.x86Flags(b.getReg(eax), val(old), size)
		b.setPart(eax, val(old))
	})
}

func x86Jump(cond string) func(*builder, *Inst) {
	return func(b *builder, in *Inst) { b.branch(b.x86Condition(cond), in.Args[0]) }
}

func x86Move(cond string) func(*builder, *Inst) {
	return func(b *builder, in *Inst) {
		v := b.x86Get(in, 1)
		b.setPart(in.Args[0].Reg, choose(b.x86Condition(cond), v, b.getReg(in.Args[0].Reg)))
	}
}

// x86Flags sets the flags as a subtraction of y from x does.
func (b *builder) x86Flags(x, y *ir.Expr, size int) {
	bits := 8 * size
	b.x86SetFlags(signed(x, bits), signed(y, bits), signed(op(ir.Sub, x, y), bits), below(low(x, bits), low(y, bits)))
}

// x86SetFlags keeps what conditions are computed from: the two numbers that were compared,
// or the result without overflow and 0; the result; and the carry.
func (b *builder) x86SetFlags(left, right, result, carry *ir.Expr) {
	if b.asked == "" {
		return
	}
	b.assign(b.tmp("left"), left)
	b.assign(b.tmp("right"), right)
	b.assign(b.tmp("flags"), result)
	if carry != nil {
		b.assign(b.tmp("carry"), carry)
	}
}

// below is 1 where x is less than y, both without a sign.
func below(x, y *ir.Expr) *ir.Expr {
	return op(ir.Lt, op(ir.Xor, x, num(-1<<63)), op(ir.Xor, y, num(-1<<63)))
}

// x86Condition is 1 where a condition holds.
func (b *builder) x86Condition(cond string) *ir.Expr {
	left, right, result, carry := val(b.tmp("left")), val(b.tmp("right")), val(b.tmp("flags")), val(b.tmp("carry"))
	switch cond {
	case "e":
		return isZero(result)
	case "ne":
		return op(ir.Ne, result, num(0))
	case "l":
		return op(ir.Lt, left, right)
	case "le":
		return op(ir.Le, left, right)
	case "g":
		return op(ir.Gt, left, right)
	case "ge":
		return op(ir.Ge, left, right)
	case "s":
		return op(ir.Lt, result, num(0))
	case "ns":
		return op(ir.Ge, result, num(0))
	case "b":
		return carry
	case "ae":
		return isZero(carry)
	case "a":
		return op(ir.LAnd, isZero(carry), op(ir.Ne, result, num(0)))
	}
	return op(ir.LOr, carry, isZero(result))
}

// x86Lock is the annotation of an access that LOCK makes atomic.
func (b *builder) x86Lock(in *Inst) string {
	if in.Lock {
		return "X"
	}
	return ""
}

// x86Update has the first operand be what f makes of it.
func (b *builder) x86Update(in *Inst, f func(old *ir.Expr) *ir.Expr) {
	dst := in.Args[0]
	if dst.Kind == RegArg {
		b.setPart(dst.Reg, f(b.getReg(dst.Reg)))
		return
	}
	at, old, size, tag := b.x86Address(dst.Mem), b.tmp("read"), b.x86Size(in), b.x86Lock(in)
	b.load(old, at, size, tag)
	if in.Lock {
		b.update(at, f(val(old)), size, tag)
		return
	}
	b.store(at, f(val(old)), size)
}

// x86Get is what an operand is worth; memory is read.
func (b *builder) x86Get(in *Inst, i int) *ir.Expr {
	a := in.Args[i]
	if a.Kind != MemArg {
		v := b.get(a)
		if a.Kind == NumArg {
			return low(v, 8*b.x86Size(in))
		}
		return v
	}
	r := b.tmp("read" + string(rune('0'+i)))
	b.load(r, b.x86Address(a.Mem), b.x86Size(in))
	return val(r)
}

// x86Set gives an operand a value.
func (b *builder) x86Set(in *Inst, i int, v *ir.Expr) {
	a := in.Args[i]
	if a.Kind == MemArg {
		b.store(b.x86Address(a.Mem), v, b.x86Size(in))
		return
	}
	b.setPart(a.Reg, v)
}

func (b *builder) x86Address(m *Mem) *ir.Expr {
	at := num(m.Disp)
	if m.Symbol != "" {
		at = op(ir.Add, b.c.symbol(m.Symbol), at)
	}
	if m.Base != nil {
		at = plus(val(b.whole(m.Base.Name)), at)
	}
	if m.Index != nil {
		at = plus(at, op(ir.Mul, val(b.whole(m.Index.Name)), num(m.Scale)))
	}
	return at
}

// x86Size is the size of the operands in bytes: as the name says, or a register, or 4.
func (b *builder) x86Size(in *Inst) int {
	if in.Size > 0 {
		return in.Size
	}
	if strings.HasPrefix(in.Name, "set") {
		return 1
	}
	for _, a := range in.Args {
		if a.Kind == RegArg {
			return min(a.Reg.Bits, b.c.arch.word) / 8
		}
	}
	return 4
}

// x86Suffixed takes from a name the letter that says how large its operands are.
func x86Suffixed(name string) (base string, size int) {
	n := len(name) - 1
	if n < 2 {
		return "", 0
	}
	switch name[n] {
	case 'b':
		return name[:n], 1
	case 'w':
		return name[:n], 2
	case 'l':
		return name[:n], 4
	case 'q':
		return name[:n], 8
	}
	return "", 0
}
