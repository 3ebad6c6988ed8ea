package asm

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/primitive"
)

// A builder lowers one thread. The functions of the tables use it: it is the language in
// which the effects of instructions are written.
type builder struct {
	c      *compiler
	thread int
	code   []ir.Instr
	starts []int // by instruction: where its code begins
	jumps  []jump
	in     *Inst
	asked  string // the flags that some instruction uses
}

// A jump goes to a label, whose place is not known yet.
type jump struct {
	at    int
	label Arg
	from  int // the instruction that jumps
}

// here is the label of an instruction itself, in .+8 and .-8. The distance is in bytes.
const here = "."

// instructionBytes is how long an instruction is, on a machine that has such distances.
const instructionBytes = 4

func num(k int64) *ir.Expr { return &ir.Expr{Op: ir.Const, K: k} }

func val(r ir.Reg) *ir.Expr { return &ir.Expr{Op: ir.Load, R: r} }

// op is an operation, computed at once where that is possible.
func op(o ir.ExprOp, a, b *ir.Expr) *ir.Expr {
	if a.Op == ir.Const && b.Op == ir.Const {
		if v, ok := o.Apply(a.K, b.K, 0); ok {
			return num(v)
		}
	}
	return &ir.Expr{Op: o, A: a, B: b}
}

// low keeps the low bits of a value.
func low(e *ir.Expr, bits int) *ir.Expr {
	if bits >= 64 {
		return e
	}
	return op(ir.And, e, num(1<<bits-1))
}

// signed takes the low bits of a value for a number with a sign.
func signed(e *ir.Expr, bits int) *ir.Expr {
	if bits >= 64 {
		return e
	}
	sign := num(1 << (bits - 1))
	return op(ir.Sub, op(ir.Xor, low(e, bits), sign), sign)
}

// plus is a sum, which is one of its parts if the other is 0.
func plus(a, b *ir.Expr) *ir.Expr {
	if b.Op == ir.Const && b.K == 0 {
		return a
	}
	return op(ir.Add, a, b)
}

// isZero is 1 where e is zero.
func isZero(e *ir.Expr) *ir.Expr { return op(ir.Eq, e, num(0)) }

func choose(cond, a, b *ir.Expr) *ir.Expr { return &ir.Expr{Op: ir.Cond, A: cond, B: a, C: b} }

// whole is the register of package ir for a register of the machine.
func (b *builder) whole(name string) ir.Reg { return b.c.reg(b.thread, name) }

// temporary begins the names of registers that are none of the machine: flags, and intermediate
// values of an instruction. They are set before they are used.
const temporary = "."

// tmp is a temporary register.
func (b *builder) tmp(name string) ir.Reg { return b.whole(temporary + name) }

// get is what an operand that is a register or a number is worth.
func (b *builder) get(a Arg) *ir.Expr {
	if a.Kind == NumArg {
		return num(a.Num)
	}
	return b.getReg(a.Reg)
}

func (b *builder) getReg(r Reg) *ir.Expr {
	switch {
	case r.Zero:
		return num(0)
	case r.High:
		return low(op(ir.Shr, val(b.whole(r.Name)), num(8)), 8)
	}
	return low(val(b.whole(r.Name)), r.Bits)
}

// setPart gives a register, or a part of one, a value. Of a part of 32 bits the rest
// becomes zero; of smaller ones it stays.
func (b *builder) setPart(r Reg, v *ir.Expr) {
	whole := b.whole(r.Name)
	switch {
	case r.High:
		v = op(ir.Or, op(ir.And, val(whole), num(^0xff00)), op(ir.Shl, low(v, 8), num(8)))
	case r.Bits < 32:
		v = op(ir.Or, op(ir.And, val(whole), num(-1<<r.Bits)), low(v, r.Bits))
	}
	b.assign(whole, v)
}

// assign gives a register a value.
func (b *builder) assign(r ir.Reg, v *ir.Expr) {
	b.emit(ir.Instr{Op: ir.Assign, Dst: r, Val: v})
}

// emit appends an instruction, with the words and the place of the one that is lowered.
func (b *builder) emit(in ir.Instr) {
	in.Text, in.Pos = b.in.Text, b.in.At.In(b.c.file)
	b.code = append(b.code, in)
}

// load reads memory into a register; ir.NoReg drops the value.
func (b *builder) load(dst ir.Reg, at *ir.Expr, size int, tags ...string) {
	b.access(ir.Instr{Op: ir.Do, Kind: graph.Read, Tags: tags, Dst: dst, Addr: at}, size)
}

func (b *builder) store(at, v *ir.Expr, size int, tags ...string) {
	b.access(ir.Instr{Op: ir.Do, Kind: graph.Write, Tags: tags, Dst: ir.NoReg, Addr: at, Val: v}, size)
}

// update writes memory as the second half of an atomic operation, whose first half is the
// thread's last load.
func (b *builder) update(at, v *ir.Expr, size int, tags ...string) {
	b.access(ir.Instr{Op: ir.Do, Kind: graph.Write, Tags: tags, RMW: true, Dst: ir.NoReg, Addr: at, Val: v}, size)
}

func (b *builder) access(in ir.Instr, size int) {
	in.Tags = slices.DeleteFunc(slices.Clone(in.Tags), func(t string) bool { return t == "" })
	in.Type = uint8(size)
	b.emit(in)
}

func (b *builder) fence(tags ...string) {
	b.emit(ir.Instr{Op: ir.Do, Kind: graph.Fence, Tags: tags, Dst: ir.NoReg})
}

// branch goes to a label if a value is not zero. All that comes after it depends on that,
// by control.
func (b *builder) branch(cond *ir.Expr, label Arg) {
	b.jumps = append(b.jumps, jump{len(b.code), label, len(b.starts) - 1})
	b.emit(ir.Instr{Op: ir.Branch, Val: cond})
}

// end goes to the end of the thread.
func (b *builder) end() { b.jump(Arg{}) }

func (b *builder) jump(label Arg) {
	b.jumps = append(b.jumps, jump{len(b.code), label, len(b.starts) - 1})
	b.emit(ir.Instr{Op: ir.Jump})
}

// under has what is known to happen depend on a condition by control.
func (b *builder) under(cond *ir.Expr, do func()) {
	branch := len(b.code)
	b.emit(ir.Instr{Op: ir.Branch, Val: cond, Target: branch + 1})
	do()
	b.code[branch].Join = len(b.code)
}

// usedElsewhere reports whether another instruction of the thread has a register.
func (b *builder) usedElsewhere(in *Inst, r Reg) bool {
	has := func(x Reg) bool { return x.Name == r.Name }
	for i := range b.c.AST.Threads[b.thread].Code {
		other := &b.c.AST.Threads[b.thread].Code[i]
		for _, a := range other.Args {
			m := a.Mem
			if other != in && (a.Kind == RegArg && has(a.Reg) || m != nil && (m.Base != nil && has(*m.Base) || m.Index != nil && has(*m.Index))) {
				return true
			}
		}
	}
	return false
}

// chance is either for what goes well or fails without a reason.
func (b *builder) chance(well, fails func()) {
	fork := len(b.code)
	b.either(well, fails)
	b.code[fork].Exclusive = true
}

// either goes one way in one execution and the other way in another.
func (b *builder) either(one, other func()) {
	fork := len(b.code)
	b.emit(ir.Instr{Op: ir.Fork})
	one()
	over := len(b.code)
	b.emit(ir.Instr{Op: ir.Jump})
	b.code[fork].Target = len(b.code)
	other()
	b.code[over].Target = len(b.code)
}

// assume drops executions in which a value is zero.
func (b *builder) assume(cond *ir.Expr) { b.emit(ir.Instr{Op: ir.Assume, Val: cond}) }

func (b *builder) fail(at primitive.Place, format string, args ...any) {
	primitive.Fail(b.c.file, at, format, args...)
}

// targetOf is the instruction that a jump goes to.
func (b *builder) targetOf(th *Thread, j jump) int {
	switch to, ok := th.Labels[j.label.Name]; {
	case ok:
		return to
	case j.label.Name == "":
		return len(th.Code)
	case j.label.Name == here:
		to = j.from + int(j.label.Num/instructionBytes)
		if j.label.Num%instructionBytes == 0 && to >= 0 && to <= len(th.Code) {
			return to
		}
		b.fail(j.label.At, "there is no instruction of P%d at a distance of %d bytes", b.thread, j.label.Num)
	}
	b.fail(j.label.At, "P%d has no label %s", b.thread, j.label.Name)
	return 0
}

// run lowers the thread.
func (b *builder) run(th *Thread) {
	for i := range th.Code {
		if b.c.arch.asks != nil {
			b.asked += b.c.arch.asks(&th.Code[i])
		}
	}
	for i := range th.Code {
		b.starts = append(b.starts, len(b.code))
		b.in = &th.Code[i]
		b.c.arch.formOf(b.in).do(b, b.in)
	}
	b.starts = append(b.starts, len(b.code))
	for _, j := range b.jumps {
		b.code[j.at].Target = b.starts[b.targetOf(th, j)]
	}
	for i := range b.code {
		if b.code[i].Op == ir.Branch && b.code[i].Join == 0 {
			b.code[i].Join = len(b.code)
		}
	}
}
