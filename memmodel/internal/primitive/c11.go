package primitive

import (
	"slices"
	"strings"

	"crosscall/memmodel/internal/ir"
)

// A test in herd's dialect of C11 calls atomic_load_explicit and the like. In the
// table these are c11_load_acquire and so on: the memory orders are part of the name.

// c11Calls are the functions of C11, without atomic_ and _explicit, with the
// number of arguments before the memory orders, and the number of orders.
var c11Calls = map[string]struct {
	name           string
	params, orders int
}{
	"load": {"load", 1, 1}, "store": {"store", 2, 1}, "exchange": {"xchg", 2, 1},
	"fetch_add": {"fetch_add", 2, 1}, "fetch_sub": {"fetch_sub", 2, 1}, "fetch_and": {"fetch_and", 2, 1},
	"fetch_or": {"fetch_or", 2, 1}, "fetch_xor": {"fetch_xor", 2, 1},
	"compare_exchange_strong": {"cmpxchg", 3, 2}, "compare_exchange_weak": {"cmpxchg", 3, 2},
	"thread_fence": {"fence", 0, 1},
}

// renamedC11 are functions whose names in the tables are different.
var renamedC11 = map[string]struct {
	name   string
	params int
}{
	"lock": {"spin_lock", 1}, "unlock": {"spin_unlock", 1},
	"mtx_lock": {"spin_lock", 1}, "mtx_unlock": {"spin_unlock", 1},
	// Extensions: herd7 has none of these. Interrupts are not modelled.
	"spin_lock_irqsave": {"spin_lock", 1}, "spin_unlock_irqrestore": {"spin_unlock", 1},
	"spin_lock_irq": {"spin_lock", 1}, "spin_unlock_irq": {"spin_unlock", 1},
	"spin_lock_bh": {"spin_lock", 1}, "spin_unlock_bh": {"spin_unlock", 1},
}

const orderPrefix = "memory_order_"

// renamed is a call under the name that tables have for it.
func (p *Parser) renamed(e Expr) Expr {
	if p.table != nil {
		return e
	}
	if e.Name == "fence" {
		e.Name = "atomic_thread_fence"
	}
	if before, order, ok := strings.Cut(e.Name, "try_cmpxchg"); ok && (before == "" || before == "atomic_") && len(e.Args) == 3 && e.Args[1].Kind == RefExpr {
		e.Kind, e.Name = casExpr, before+"cmpxchg"+order
		return p.expected(e)
	}
	rest, ok := strings.CutPrefix(e.Name, "atomic_")
	if !ok {
		return p.condLoad(e)
	}
	rest, explicit := strings.CutSuffix(rest, "_explicit")
	k, ok := c11Calls[rest]
	// atomic_fetch_add(1, v) is the kernel's: C11's are seq_cst only if they say so.
	if !ok || !explicit && k.name != "load" && k.name != "store" && k.name != "fence" && k.name != "cmpxchg" && rest != "exchange" {
		return e
	}
	orders := []string{"seq_cst", "seq_cst"}[:k.orders]
	if len(e.Args) == k.params+k.orders {
		for i := range orders {
			orders[i] = p.order(e.Args[k.params+i])
		}
	} else if len(e.Args) != k.params || explicit {
		Fail(p.File, e.At, "%s takes %d arguments and %d memory orders", e.Name, k.params, k.orders)
	}
	if k.orders == 2 {
		orders[1] = failOrder(orders[1])
	}
	weak := rest == "compare_exchange_weak"
	e.Name, e.Args = "c11_"+k.name+"_"+strings.Join(orders, "_"), e.Args[:k.params]
	if k.name == "cmpxchg" {
		e.Kind, e.weak = casExpr, weak
		e = p.expected(e)
	}
	p.Calls = p.addName(p.Calls, e.Name)
	return e
}

// expected notes that the thread assigns to the register of the expected value, if it is in
// one. That is an extension: in herd's C11 it is in memory, and herd7 has no try_cmpxchg.
func (p *Parser) expected(e Expr) Expr {
	if x := e.Args[1]; x.Kind == RefExpr {
		if !slices.Contains(p.Code.assigned, x.Name) && !slices.Contains(p.Declared, x.Name) {
			Fail(p.File, x.At, noAddress)
		}
		p.assigns(x.Name)
	}
	return e
}

// order is the memory order that an argument names. consume is treated as acquire,
// as in compilers.
func (p *Parser) order(e *Expr) string {
	word, ok := strings.CutPrefix(e.Name, orderPrefix)
	if e.Kind != orderExpr || !ok || !slices.Contains([]string{"relaxed", "consume", "acquire", "release", "acq_rel", "seq_cst"}, word) {
		Fail(p.File, e.At, "this should be a memory order, as in memory_order_acquire")
	}
	if word == "consume" {
		return "acquire"
	}
	return word
}

// failOrder is the part of an order that applies if a compare-and-exchange fails.
func failOrder(o string) string {
	switch o {
	case "release":
		return "relaxed"
	case "acq_rel":
		return "acquire"
	}
	return o
}

// compareAndStore is C11's compare-and-exchange. The expected value is in memory or in a register, and
// is replaced by the value found if the operation fails. Its value is 1 if it
// succeeds. A weak one may also fail spuriously.
func (l *Lowerer) compareAndStore(e *Expr, f *frame) *ir.Expr {
	known := func(x *ir.Expr) *Expr { return &Expr{Kind: knownExpr, At: e.At, known: x} }
	text, at := l.text, l.at
	addr := l.value(e.Args[0], f, ir.NoReg)
	read, write := l.expectedIn(e, f)
	val := l.value(e.Args[2], f, ir.NoReg)
	old := read()
	l.text, l.at = text, at
	ok := l.temp()
	strong := func() {
		was := l.callValue(&Expr{Kind: CallExpr, Name: e.Name, At: e.At, From: e.From, To: e.To, Args: []*Expr{known(addr), known(old), known(val)}}, f, ir.NoReg)
		l.emit(ir.Instr{Op: ir.Assign, Dst: ok, Val: l.op(ir.Eq, was, old)})
		branch := l.branchUnless(l.op(ir.Ne, was, old))
		write(was)
		l.land(branch)
		l.join(branch)
	}
	if !e.weak {
		strong()
		return l.load(ok)
	}
	l.eitherWay(strong, func() {
		got := l.callValue(&Expr{Kind: CallExpr, Name: loadOfFailure(e.Name), At: e.At, From: e.From, To: e.To, Args: []*Expr{known(addr)}}, f, ir.NoReg)
		l.emit(ir.Instr{Op: ir.Assume, Val: l.op(ir.Eq, got, old)})
		l.emit(ir.Instr{Op: ir.Assign, Dst: ok, Val: l.constant(0)})
	})
	return l.load(ok)
}

// expectedIn returns how the expected value of a compare-and-exchange is read and written.
func (l *Lowerer) expectedIn(e *Expr, f *frame) (read func() *ir.Expr, write func(*ir.Expr)) {
	x := e.Args[1]
	if x.Kind != RefExpr {
		at := l.value(x, f, ir.NoReg)
		known := func(x *ir.Expr) *Expr { return &Expr{Kind: knownExpr, At: e.At, known: x} }
		return func() *ir.Expr {
			return l.plainLoad(&Expr{Kind: DerefExpr, At: e.At, From: e.From, To: e.To, X: known(at)}, f, ir.NoReg)
		}, func(v *ir.Expr) { l.plainStore(known(at), known(v), f) }
	}
	r := l.Regs.Reg(x.Name)
	return func() *ir.Expr {
			old := l.temp()
			l.emit(ir.Instr{Op: ir.Assign, Dst: old, Val: l.load(r)})
			return l.load(old)
		}, func(v *ir.Expr) {
			l.emit(ir.Instr{Op: ir.Assign, Dst: r, Val: v})
		}
}

// loadOfFailure is the name of the load with the second of the two orders of a
// compare-and-exchange.
func loadOfFailure(name string) string {
	for _, o := range []string{"seq_cst", "acquire", "relaxed"} {
		if strings.HasSuffix(name, "_"+o) {
			return "c11_load_" + o
		}
	}
	return "c11_load_relaxed"
}

// condLoad reads smp_cond_load_acquire(p, VAL == 2), an extension: herd7 has no such
// macro. Its condition is on the value that is read, VAL.
func (p *Parser) condLoad(e Expr) Expr {
	switch e.Name {
	case "smp_cond_load_acquire", "smp_cond_load_relaxed":
	default:
		return e
	}
	if len(e.Args) != 2 {
		Fail(p.File, e.At, "%s takes an address and a condition on VAL", e.Name)
	}
	e.Kind = condLoadExpr
	return e
}

// waitFor waits until the value that it reads meets a condition; its value is that one.
// Executions in which the value never does are left out.
func (l *Lowerer) waitFor(e *Expr, f *frame) *ir.Expr {
	text, at := l.text, l.at
	addr := &Expr{Kind: knownExpr, At: e.At, known: l.value(e.Args[0], f, ir.NoReg)}
	load := &Expr{Kind: CallExpr, Name: "smp_load_acquire", At: e.At, From: e.From, To: e.To, Args: []*Expr{addr}}
	if e.Name == "smp_cond_load_relaxed" {
		load.Name, load.Args = "READ_ONCE", []*Expr{{Kind: DerefExpr, At: e.At, X: addr}}
	}
	v := l.callValue(load, f, ir.NoReg)
	l.text, l.at = text, at
	outer := l.condVal
	l.condVal = v
	met := l.value(e.Args[1], f, ir.NoReg)
	l.condVal = outer
	if l.accesses(e.Args[1], f) {
		l.fail(e.At, f, "the condition may only be on VAL and registers")
	}
	l.emit(ir.Instr{Op: ir.Assume, Val: met})
	return v
}
