package csource

import (
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// builtin makes the code of one of the checker's own functions, which the
// header shims call:
//
//	__cc_prim("NAME", args...)     an entry of the model's table
//	__cc_c11("NAME", o, f, args...) the entry NAME_o or, of a compare-and-exchange,
//	                               NAME_o_f, for memory orders o and f
//	__cc_alloc(size, how)          memory: zeroed if how has the bit 1; one variable of the pointer's type if it has 2
//	                               that it is assigned to
//	__cc_realloc(p, size)          memory that begins as p does, which is freed
//	__cc_alloca(size)              memory until the function returns
//	__cc_alloc_percpu(size, zeroed, n) memory for each of n CPUs
//	__cc_percpu_offset(cpu)        what to add to an address for a CPU's copy
//	__cc_defer(f, arg, cpu)        a call that is made later; its number. If cpu is -1, it is
//	                               made by a task of its own, on this CPU
//	__cc_next_task()               the number of the task of the next such call
//	__cc_task()                    the number of the task: that of the thread, if it has none of its own
//	__cc_await(number)             waits for the end of it
//	__cc_free(p)
//	__cc_assert(e), __cc_assume(e)
//	__cc_arrives(size)             the atomic operation before is an arrival at a barrier
//	__cc_cover("", e)              some execution has to come here with e
//	__cc_idle()                    waiting here is fine
//	__cc_exit(result)              ends the thread
//	__cc_scan("FORMAT", p...)      any integers, as scanf reads; how many
//	__cc_beyond("TEXT")            cuts the execution off: the verdict is incomplete
//	__cc_exit_all()                ends the process
//	__cc_perhaps()                 0 or 1; 0 in what runs by itself
//	__cc_self()                    its number, also if it is main
//	__cc_result(number)            what a thread has returned
//	__cc_mark("WORD")              nothing
//	__cc_uses("WORD")              whether something of the program has that mark
//	__cc_choose(n)                 any of 0 to n-1
//	__cc_lapse(f, p, old)          1 if a compare-and-exchange fails without a reason
//	__cc_cpu()                     the number of the thread
//	__cc_create(f, arg)            a thread; its number
//	__cc_create(f, arg, p)         the same; its number and 1 is written to *p before it begins
//	__cc_join(number, 0)
//	__cc_clear(p, size)            zeroes a variable
//	__cc_fill(p, byte, size)       sets each byte of one
//	__cc_copy(p, q, size)          copies one
//	__cc_compare(p, q, size)       compares two, as memcmp
//	__cc_popcount(x), __cc_ctz(x)
//	__cc_print(...)                nothing
//	__cc_format(p, size, ...)      snprintf
//	__cc_unsupported("TEXT")       an error, if a thread can come here
//	__cc_unreadable("TEXT")        the same, with its own place at the start of the text
//	*(T *)__cc_once(p)             *p as a volatile access; see front.unary
//
// Addresses among the arguments of a primitive say by their types what is
// accessed.
func (l *lowerer) builtin(e *expr) value {
	switch e.name {
	case "__cc_prim", "__cc_c11":
		return l.usePrimitive(e)
	case "__cc_alloc", "__cc_alloc_percpu":
		return l.alloc(e)
	case "__cc_realloc":
		return l.realloc(e)
	case "__cc_task":
		return known(int64(l.task))
	case "__cc_next_task":
		return known(firstTask + int64(len(l.deferred)))
	case "__cc_percpu_offset":
		return operation(ir.Mul, l.rvalue(e.args[0]), known(l.percpu), longT)
	case "__cc_defer":
		return l.later(e)
	case "__cc_await":
		l.await(e)
	case "__cc_free":
		l.emit(ir.Instr{Op: ir.Free, Addr: l.rvalue(e.args[0]).e, Tags: l.freeTags()})
	default:
		return l.builtinOfChecking(e)
	}
	return known(0)
}

// builtinOfChecking says what the checker looks for, and where it ends.
func (l *lowerer) builtinOfChecking(e *expr) value {
	switch e.name {
	case "__cc_assert":
		l.assert(l.rvalue(e.args[0]))
	case "__cc_assume":
		l.emit(ir.Instr{Op: ir.Assume, Val: truth(l.rvalue(e.args[0])).e})
	case "__cc_arrives":
		l.arrives(l.rvalue(e.args[0]))
	case coverName:
		l.cover(e)
	case "__cc_idle":
		l.emit(ir.Instr{Op: ir.Idle})
	case "__cc_scan":
		return l.scan(e)
	case "__cc_format":
		return l.format(e)
	case "__cc_beyond":
		l.emit(ir.Instr{Op: ir.Alloc, Dst: l.temp(), Says: e.args[0].name})
	case "__cc_exit_all":
		for _, a := range e.args {
			l.rvalue(a)
		}
		l.exitsAll()
	case "__cc_exit":
		l.exits(l.rvalue(e.args[0]))
	default:
		return l.builtinOfThread(e)
	}
	return known(0)
}

// builtinOfThread is about the thread, other threads, and choices of either.
func (l *lowerer) builtinOfThread(e *expr) value {
	switch e.name {
	case "__cc_alloca":
		return l.alloca(e)
	case "__cc_choose":
		return l.choose(e)
	case "__cc_lapse":
		return l.lapse(e)
	case "__cc_cpu":
		return known(int64(l.index))
	case "__cc_perhaps":
		return l.perhaps()
	case "__cc_self":
		return l.self()
	case "__cc_uses":
		return truthOf(l.uses(e.args[0].name))
	case "__cc_mark":
	case "__cc_result":
		return l.resultOf(e)
	case "__cc_create":
		return l.create(e)
	case "__cc_join":
		l.join(e)
	default:
		return l.builtinOfBytes(e)
	}
	return known(0)
}

// builtinOfBytes works on bytes and bits. It is the last: other names are errors.
func (l *lowerer) builtinOfBytes(e *expr) value {
	switch e.name {
	case "__cc_clear":
		l.fill(e.args[0], known(0), l.rvalue(e.args[1]))
	case "__cc_fill":
		l.fill(e.args[0], l.rvalue(e.args[1]), l.rvalue(e.args[2]))
	case "__cc_copy":
		l.copyBytes(e)
	case "__cc_compare":
		return l.compareBytes(e)
	case "__cc_popcount":
		return l.popcount(l.rvalue(e.args[0]))
	case "__cc_ctz":
		return l.trailingZeros(l.rvalue(e.args[0]))
	case "__cc_unsupported":
		fail(e.at, "%s", e.args[0].name)
	case "__cc_unreadable":
		at, msg := splitPosition(e.at.File, e.args[0].name)
		fail(at, "%s", strings.TrimSpace(msg))
	case "__cc_print":
		for _, a := range e.args {
			if a.kind != stringExpr {
				l.rvalue(a)
			}
		}
	default:
		if strings.HasPrefix(e.name, "__cc_") {
			fail(e.at, "%s is not declared", e.name)
		}
		return l.verifier(e)
	}
	return known(0)
}

// arrives notes that the last atomic operation is an arrival at a barrier for so many.
func (l *lowerer) arrives(size value) {
	for i := len(l.th.Instr) - 1; i >= 0; i-- {
		if l.th.Instr[i].RMW {
			l.th.Instr[i].Arrives = size.e
			return
		}
	}
}

// assert reports an execution in which v is zero.
func (l *lowerer) assert(v value) {
	if v = truth(v); v.isConst() && v.e.K != 0 {
		return
	}
	for v.e.Op == ir.Not && v.e.A.Op == ir.Not {
		v.e = v.e.A.A
	}
	l.emit(ir.Instr{Op: ir.Assert, Val: v.e})
}

// usePrimitive is a use of a primitive of the table, or of the primitive that replaces
// it.
func (l *lowerer) usePrimitive(e *expr) value {
	name, args := e.args[0].name, e.args[1:]
	if e.args[0].kind != stringExpr {
		fail(e.at, "the name of a primitive has to be a string")
	}
	if e.name == "__cc_c11" {
		name, args = l.c11(e, name), e.args[3:]
	}
	var t *ctype
	class := ""
	values := make([]value, 0, len(args))
	var part *bitfield
	for i, a := range args {
		v := l.operand(a)
		if !v.isConst() && i+1 < len(args) && !pure(a) {
			v = l.kept(v, a.t)
		}
		if t == nil && a.pointed != nil {
			t, class = a.pointed, v.class
			part = partOf(a)
		}
		values = append(values, v)
	}
	operands := make([]*ir.Expr, len(args))
	for i, v := range values {
		if l.converted(t) && args[i].t.kind == intType && args[i].t.size == t.size {
			v = l.held(v, t)
		}
		operands[i] = v.e
	}
	if !inLibrary(e.at) {
		l.text = l.src.callWords(e.at)
	}
	if t != nil && t.kind == pointerType && strings.HasPrefix(name, "c11_fetch_") {
		fail(e.at, "arithmetic on atomic pointers is not supported: use a compare-and-exchange")
	}
	if with, ok := l.replace[e.at]; ok && (e.name == "__cc_prim" || e.name == "__cc_c11") {
		return l.replaced(part, name, with, operands, t, class)
	}
	v, ok := l.accessed(part, name, operands, t, class)
	if !ok {
		return value{e: known(0).e}
	}
	return l.result(v, t)
}

// operand is the value of an argument of a primitive. The address of a part of a word is
// that of the word.
func (l *lowerer) operand(a *expr) value {
	if partOf(a) == nil {
		return l.rvalue(a)
	}
	defer l.here(a.at)()
	p := l.place(a.x)
	p.addr.class = p.class
	return p.addr
}

// accessed makes a use of a primitive on a variable or, if part is not nil, on part of
// one.
func (l *lowerer) accessed(part *bitfield, name string, operands []*ir.Expr, t *ctype, class string) (*ir.Expr, bool) {
	if part != nil {
		return l.partPrimitive(part, name, operands, class)
	}
	return l.primitive(name, operands, t, class)
}

// result is the value of a primitive on memory of type t: either the value that
// is or was there, or a truth value.
func (l *lowerer) result(e *ir.Expr, t *ctype) value {
	switch {
	case isTruth(e), e.Op == ir.And && isTruth(e.B):
		return value{e: e, lo: 0, hi: 1}
	case t != nil && t.scalar():
		return l.seen(of(e, t), t)
	}
	return value{e: e, lo: -1 << 63, hi: 1<<63 - 1}
}

// replaced makes the use of another primitive in place of name. A weaker
// primitive may have other operands: a fence has none. If with is empty, an
// access becomes a plain one.
func (l *lowerer) replaced(part *bitfield, name, with string, operands []*ir.Expr, t *ctype, class string) value {
	_, value0, ok := l.macros.Params(name)
	if !ok {
		fail(l.at, "%s cannot be replaced: it is not in the table", name)
	}
	if with == "" {
		if len(operands) > 0 || value0 {
			fail(l.at, "%s cannot be left out: it accesses memory", name)
		}
		return known(0)
	}
	n, value1, ok := l.macros.Params(with)
	if !ok || n != len(operands) || value0 && !value1 {
		fail(l.at, "%s cannot be replaced by %s", name, with)
	}
	v, has := l.accessed(part, with, operands, t, class)
	if !has {
		return value{e: known(0).e}
	}
	return l.result(v, t)
}

// orders are the names of C11's memory orders, by their numbers. consume is
// treated as acquire, as compilers do.
var orders = []string{"relaxed", "acquire", "acquire", "release", "acq_rel", "seq_cst"}

func (l *lowerer) c11(e *expr, base string) string {
	name := base
	for i, n := range c11Orders(base) {
		v := l.rvalue(e.args[1+i])
		if !v.isConst() || v.e.K < 0 || v.e.K >= int64(len(orders)) {
			fail(e.at, "memory orders have to be constants here")
		}
		name += "_" + n(orders[v.e.K])
	}
	return name
}

// c11Name is the name that c11 finds, if the source alone determines the orders.
func c11Name(e *expr, base string) string {
	name := base
	for i, n := range c11Orders(base) {
		o := e.args[1+i]
		for o.kind == castExpr {
			o = o.x
		}
		if o.kind != constExpr || o.k < 0 || o.k >= int64(len(orders)) {
			return base
		}
		name += "_" + n(orders[o.k])
	}
	return name
}

// c11Orders has, for each order that is part of a primitive's name, the
// function that names it there. A compare-and-exchange that fails only reads.
func c11Orders(base string) []func(string) string {
	same := func(o string) string { return o }
	if base == "c11_cmpxchg" {
		return []func(string) string{same, readOrder}
	}
	return []func(string) string{same}
}

// readOrder is the part of a memory order that a read has.
func readOrder(o string) string {
	switch o {
	case "release":
		return "relaxed"
	case "acq_rel":
		return "acquire"
	}
	return o
}

// freeTags are the tags of the writes by which memory is freed: those of the
// table's __free, or else those of a plain write.
func (l *lowerer) freeTags() []string {
	name := "__free"
	if _, _, ok := l.macros.Params(name); !ok {
		name = "__plain_store"
	}
	if _, _, ok := l.macros.Params(name); !ok {
		return nil
	}
	return l.tagsIn(name, graph.Write, known(ir.AddrBase).e, known(0).e)
}

// choose makes one branch for each value.
func (l *lowerer) choose(e *expr) value {
	n := l.rvalue(e.args[0])
	if !n.isConst() || n.e.K < 1 || n.e.K > 64 {
		fail(e.at, "choose needs a constant from 1 to 64")
	}
	if l.alone {
		return known(l.decided(n.e.K, e.at))
	}
	var values []int64
	for k := range n.e.K {
		values = append(values, k)
	}
	v := l.ways(values)
	v.lo, v.hi = 0, n.e.K-1
	return v
}

// perhaps makes two branches, with the values 0 and 1.
func (l *lowerer) perhaps() value {
	if l.alone && !l.creates {
		return known(0)
	}
	r, other := l.temp(), newLabel()
	l.set(r, known(0))
	over := newLabel()
	l.goes(l.emit(ir.Instr{Op: ir.Fork}), other)
	l.jump(over)
	l.land(other)
	l.set(r, known(1))
	l.land(over)
	v := loaded(r, intT)
	v.lo, v.hi = 0, 1
	return v
}

// lapse makes the two branches of a weak compare-and-exchange. In one it does what a
// strong one does. In the other it fails although it finds the expected value: it only
// reads, with the memory order of a failure.
func (l *lowerer) lapse(e *expr) value {
	order := l.rvalue(e.args[0])
	p := l.kept(l.rvalue(e.args[1]), pointerT)
	old := l.kept(l.rvalue(e.args[2]), longT)
	if l.alone && !l.creates {
		return known(0)
	}
	if !order.isConst() || order.e.K < 0 || order.e.K >= int64(len(orders)) {
		fail(e.at, "memory orders have to be constants here")
	}
	if !inLibrary(e.at) {
		l.text = l.src.callWords(e.at)
	}
	r, lapses, over := l.temp(), newLabel(), newLabel()
	l.set(r, known(0))
	l.goes(l.emit(ir.Instr{Op: ir.Fork, Exclusive: true}), lapses)
	l.jump(over)
	l.land(lapses)
	t := e.args[1].pointed
	got, _ := l.primitive("c11_load_"+readOrder(orders[order.e.K]), []*ir.Expr{p.e}, t, p.class)
	l.emit(ir.Instr{Op: ir.Assume, Val: expression(ir.Eq, of(got, t).e, old.e)})
	l.emit(ir.Instr{Op: ir.Lapse})
	l.set(r, known(1))
	l.land(over)
	v := loaded(r, intT)
	v.lo, v.hi = 0, 1
	return v
}

// sized calls do with how many variables of the type that e points at fit into size bytes.
func (l *lowerer) sized(e *expr, size value, do func(t *ctype, n int64)) {
	t := e.pointed
	if t == nil || t.size == 0 || size.isConst() && size.e.K%t.size != 0 {
		fail(l.at, "this needs a pointer to something of which the size is a multiple")
	}
	if !size.isConst() {
		l.eachSize(size, t, 0, func(n int64) { do(t, n) })
		return
	}
	if size.e.K/t.size > maxLeaves {
		fail(l.at, "this is too large")
	}
	do(t, size.e.K/t.size)
}

// fill sets each byte of what e points at.
func (l *lowerer) fill(e *expr, with, size value) {
	p := l.kept(l.rvalue(e), pointerT)
	least := known(0xff)
	word := l.kept(operation(ir.Mul, operation(ir.And, with, least, longT), known(0x0101010101010101), longT), longT)
	l.sized(e, size, func(t *ctype, n int64) {
		for i := range n {
			at := place{reg: ir.NoReg, addr: plus(p, i*t.size), t: t}
			for _, f := range t.leaves {
				if !f.lock {
					l.plainStore(at.part(f), wrap(word, f.t))
				}
			}
		}
	})
}

func (l *lowerer) copyBytes(e *expr) {
	p, q := l.kept(l.rvalue(e.args[0]), pointerT), l.kept(l.rvalue(e.args[1]), pointerT)
	l.sized(e.args[0], l.rvalue(e.args[2]), func(t *ctype, n int64) {
		for i := range n {
			l.copy(place{reg: ir.NoReg, addr: plus(p, i*t.size), t: t}, place{reg: ir.NoReg, addr: plus(q, i*t.size), t: t})
		}
	})
}

// compareBytes is memcmp: the difference of the first bytes that are not equal, or 0.
func (l *lowerer) compareBytes(e *expr) value {
	p, q := l.kept(l.rvalue(e.args[0]), pointerT), l.kept(l.rvalue(e.args[1]), pointerT)
	result := l.temp()
	l.sized(e.args[0], l.rvalue(e.args[2]), func(t *ctype, n int64) {
		l.set(result, l.difference(e, p, q, t, n))
	})
	v := loaded(result, intT)
	v.lo, v.hi = -255, 255
	return v
}

// difference is that of the first bytes that are not equal of n variables of type t, or 0.
func (l *lowerer) difference(e *expr, p, q value, t *ctype, n int64) value {
	var a, b []value
	var sizes []int64
	for i := range n {
		full := int64(0)
		for _, f := range t.leaves {
			full += f.t.size
			x := l.load(place{reg: ir.NoReg, addr: plus(p, i*t.size), t: t}.part(f))
			a = append(a, l.kept(x, f.t))
			y := l.load(place{reg: ir.NoReg, addr: plus(q, i*t.size), t: t}.part(f))
			b, sizes = append(b, l.kept(y, f.t)), append(sizes, f.t.size)
		}
		if full != t.size {
			fail(e.at, "memcmp would compare bytes here that no member has: compare the members")
		}
	}
	result := known(0)
	for i := len(a) - 1; i >= 0; i-- {
		for k := sizes[i] - 1; k >= 0; k-- {
			difference := expression(ir.Sub, byteOf(a[i], k), byteOf(b[i], k))
			result = l.kept(value{e: &ir.Expr{Op: ir.Cond, A: difference, B: difference, C: result.e}, lo: -255, hi: 255}, intT)
		}
	}
	return result
}

// byteOf is byte k of a value, the lowest first.
func byteOf(v value, k int64) *ir.Expr {
	return expression(ir.And, expression(ir.Shr, v.e, known(8*k).e), known(255).e)
}

// popcount counts bits, in parallel.
func (l *lowerer) popcount(x value) value {
	if x.lo >= 0 && x.hi <= 1 {
		return x
	}
	k := func(k uint64) *ir.Expr { return known(int64(k)).e }
	step := func(op ir.ExprOp, a *ir.Expr, shift, mask uint64) *ir.Expr {
		a = l.kept(value{e: a}, ulongT).e // it counts twice
		if op == ir.Sub {
			return expression(op, a, expression(ir.And, expression(ir.Shr, a, k(shift)), k(mask)))
		}
		return expression(op, expression(ir.And, a, k(mask)), expression(ir.And, expression(ir.Shr, a, k(shift)), k(mask)))
	}
	pairs := step(ir.Sub, x.e, 1, 0x5555555555555555)
	nibbles := step(ir.Add, pairs, 2, 0x3333333333333333)
	bytes := step(ir.Add, nibbles, 4, 0x0f0f0f0f0f0f0f0f)
	all := expression(ir.Shr, expression(ir.Mul, bytes, k(0x0101010101010101)), k(56))
	return value{e: expression(ir.And, all, k(0x7f)), lo: 0, hi: 64}
}

// trailingZeros counts the zeros below the lowest bit; 64 if there is no bit.
func (l *lowerer) trailingZeros(x value) value {
	x = l.kept(x, ulongT)
	below := expression(ir.And, expression(ir.Inv, x.e, nil), expression(ir.Sub, x.e, known(1).e))
	return l.popcount(value{e: below, lo: -1 << 63, hi: 1<<63 - 1})
}
