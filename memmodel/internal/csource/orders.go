package csource

import (
	"slices"

	"crosscall/memmodel/internal/ir"
)

// orders are the names of C11's memory orders, by their numbers. consume is
// treated as acquire, as compilers do.
var orders = []string{"relaxed", "acquire", "acquire", "release", "acq_rel", "seq_cst"}

// withOrders calls do with the name of the primitive base for the memory orders that a call
// has. For an order that is not constant there is a branch for each that it may be; one that
// the primitive does not have fails there. All operands have to be evaluated before.
func (l *lowerer) withOrders(base string, parts []func(string) string, of []value, do func(name string) value) value {
	if slices.ContainsFunc(of, func(v value) bool { return !v.isConst() }) {
		if _, _, ok := l.unit.macros.Params("c11_fence_seq_cst"); ok {
			known := do
			do = func(name string) value { return l.ifKnown(name, known) }
		}
	}
	return l.byOrder(base, parts, of, do)
}

// ifKnown calls do if the table has a primitive. An execution that comes to another fails.
func (l *lowerer) ifKnown(name string, do func(name string) value) value {
	if _, _, ok := l.unit.macros.Params(name); ok {
		return do(name)
	}
	l.code.emit(ir.Instr{Op: ir.Assert, Val: known(0).e, Says: "this operation cannot have such a memory order"})
	return known(0)
}

func (l *lowerer) byOrder(name string, parts []func(string) string, of []value, do func(name string) value) value {
	if len(of) == 0 {
		return do(name)
	}
	v := of[0]
	with := func(k int64) value { return l.byOrder(name+"_"+parts[0](orders[k]), parts[1:], of[1:], do) }
	last := int64(len(orders)) - 1
	if v.isConst() && (v.e.K < 0 || v.e.K > last) {
		fail(l.code.at, "%d is no memory order", v.e.K)
	}
	if v.isConst() {
		return with(v.e.K)
	}
	r, over := l.code.temp(), newLabel()
	all := value{e: loaded(r, longT).e, lo: 0, hi: 0}
	for k := max(v.lo, 0); k <= min(v.hi, last); k++ {
		other := newLabel()
		l.code.branchUnless(operation(ir.Eq, v, known(k), intT), other)
		x := with(k)
		all.lo, all.hi = min(all.lo, x.lo), max(all.hi, x.hi)
		l.code.set(r, x)
		l.code.jump(over)
		l.code.land(other)
	}
	l.code.emit(ir.Instr{Op: ir.Assert, Val: known(0).e, Says: "this is no memory order"})
	l.code.land(over)
	return all
}

// ordersOf evaluates the memory orders of a call of a primitive.
func (l *lowerer) ordersOf(list []*expr) []value {
	of := make([]value, len(list))
	for i, x := range list {
		of[i] = l.code.kept(l.rvalue(x), intT)
	}
	return of
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

// lapse makes the two branches of a weak compare-and-exchange. In one it does what a
// strong one does. In the other it fails although it finds the expected value: it only
// reads, with the memory order of a failure.
func (l *lowerer) lapse(e *expr) value {
	order := l.ordersOf(e.args[:1])
	p := l.code.kept(l.rvalue(e.args[1]), pointerT)
	old := l.code.kept(l.rvalue(e.args[2]), longT)
	if l.alone && !l.creates {
		return known(0)
	}
	if !inLibrary(e.at) {
		l.code.text = l.unit.src.callWords(e.at)
	}
	r, lapses, over := l.code.temp(), newLabel(), newLabel()
	l.code.set(r, known(0))
	l.code.goes(l.code.emit(ir.Instr{Op: ir.Fork, Exclusive: true}), lapses)
	l.code.jump(over)
	l.code.land(lapses)
	t := e.args[1].pointed
	got := l.withOrders("c11_load", []func(string) string{readOrder}, order, func(name string) value {
		v, _ := l.mem.primitive(name, []*ir.Expr{p.e}, t, p.class)
		return of(v, t)
	})
	l.code.emit(ir.Instr{Op: ir.Assume, Val: expression(ir.Eq, got.e, old.e)})
	l.code.emit(ir.Instr{Op: ir.Lapse})
	l.code.set(r, known(1))
	l.code.land(over)
	v := loaded(r, intT)
	v.lo, v.hi = 0, 1
	return v
}
