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
//	__cc_varargs()                 the arguments of the function that have no names; see varargs.go
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
//	__cc_move(p, q, size)          the same, of two that may overlap
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
		return known(firstTask + int64(len(l.unit.deferred)))
	case "__cc_percpu_offset":
		return operation(ir.Mul, l.rvalue(e.args[0]), known(l.space.percpu), longT)
	case "__cc_defer":
		return l.later(e)
	case "__cc_await":
		l.await(e)
	case "__cc_free":
		l.code.emit(ir.Instr{Op: ir.Free, Addr: l.rvalue(e.args[0]).e, Tags: l.mem.freeTags()})
	default:
		return l.builtinOfChecking(e)
	}
	return known(0)
}

// builtinOfChecking says what the checker looks for, and where it ends.
func (l *lowerer) builtinOfChecking(e *expr) value {
	switch e.name {
	case "__cc_assert":
		l.code.assert(l.rvalue(e.args[0]))
	case "__cc_assume":
		l.code.emit(ir.Instr{Op: ir.Assume, Val: truth(l.rvalue(e.args[0])).e})
	case "__cc_arrives":
		l.code.arrives(l.rvalue(e.args[0]))
	case coverName:
		l.cover(e)
	case "__cc_idle":
		l.code.emit(ir.Instr{Op: ir.Idle})
	case "__cc_scan":
		return l.scan(e)
	case "__cc_format":
		return l.format(e)
	case "__cc_beyond":
		l.code.emit(ir.Instr{Op: ir.Alloc, Dst: l.code.temp(), Says: e.args[0].name})
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
	case "__cc_varargs":
		return l.varargs(e)
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
		return truthOf(l.unit.uses(e.args[0].name))
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

// arrives notes that the last atomic operation is an arrival at a barrier for so many.
func (c *code) arrives(size value) {
	for i := len(c.th.Instr) - 1; i >= 0; i-- {
		if c.th.Instr[i].RMW {
			c.th.Instr[i].Arrives = size.e
			return
		}
	}
}

// usePrimitive is a use of a primitive of the table, or of the primitive that replaces
// it.
func (l *lowerer) usePrimitive(e *expr) value {
	name, args := e.args[0].name, e.args[1:]
	if e.args[0].kind != stringExpr {
		fail(e.at, "the name of a primitive has to be a string")
	}
	if words, model := Instruction(name); words != "" {
		if _, _, ok := l.mem.macros.Params(name); !ok {
			fail(e.at, "%s is an instruction of another machine than that of %s: check this with --model %s", words, l.mem.macros.File, model)
		}
	}
	var order []value
	if e.name == "__cc_c11" {
		order, args = l.ordersOf(args[:len(c11Orders(name))]), e.args[3:]
	}
	var t *ctype
	class := ""
	values := make([]value, 0, len(args))
	var part *bitfield
	for i, a := range args {
		v := l.operand(a)
		if !v.isConst() && i+1 < len(args) && !pure(a) {
			v = l.code.kept(v, a.t)
		}
		if t == nil && a.pointed != nil {
			t, class = a.pointed, v.class
			part = partOf(a)
		}
		values = append(values, v)
	}
	operands := make([]*ir.Expr, len(args))
	for i, v := range values {
		if l.space.converted(t) && args[i].t.kind == intType && args[i].t.size == t.size {
			v = l.space.held(v, t)
		}
		operands[i] = v.e
	}
	if !inLibrary(e.at) {
		l.code.text = l.unit.src.callWords(e.at)
	}
	if t != nil && t.kind == pointerType && strings.HasPrefix(name, "c11_fetch_") {
		fail(e.at, "arithmetic on atomic pointers is not supported: use a compare-and-exchange")
	}
	use := func(name string) value { return l.useOf(e, part, name, operands, t, class) }
	if e.name == "__cc_c11" {
		return l.withOrders(name, c11Orders(name), order, use)
	}
	return use(name)
}

// useOf is a use of the primitive of a name, or of the one that replaces it.
func (l *lowerer) useOf(e *expr, part *bitfield, name string, operands []*ir.Expr, t *ctype, class string) value {
	if with, ok := l.unit.replace[e.at]; ok {
		return l.mem.replaced(part, name, with, operands, t, class)
	}
	v, ok := l.mem.accessed(part, name, operands, t, class)
	if !ok {
		return value{e: known(0).e}
	}
	return l.mem.result(v, t)
}

// operand is the value of an argument of a primitive. The address of a part of a word is
// that of the word.
func (l *lowerer) operand(a *expr) value {
	if partOf(a) == nil {
		return l.rvalue(a)
	}
	defer l.code.here(a.at)()
	p := l.place(a.x)
	p.addr.class = p.class
	return p.addr
}

// freeTags are the tags of the writes by which memory is freed: those of the
// table's __free, or else those of a plain write.
func (m *memory) freeTags() []string {
	name := "__free"
	if _, _, ok := m.macros.Params(name); !ok {
		name = "__plain_store"
	}
	if _, _, ok := m.macros.Params(name); !ok {
		return nil
	}
	return m.tagsIn(name, graph.Write, known(ir.AddrBase).e, known(0).e)
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
	v := l.code.ways(values)
	v.lo, v.hi = 0, n.e.K-1
	return v
}

// perhaps makes two branches, with the values 0 and 1.
func (l *lowerer) perhaps() value {
	if l.alone && !l.creates {
		return known(0)
	}
	r, other := l.code.temp(), newLabel()
	l.code.set(r, known(0))
	over := newLabel()
	l.code.goes(l.code.emit(ir.Instr{Op: ir.Fork}), other)
	l.code.jump(over)
	l.code.land(other)
	l.code.set(r, known(1))
	l.code.land(over)
	v := loaded(r, intT)
	v.lo, v.hi = 0, 1
	return v
}
