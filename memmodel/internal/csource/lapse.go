package csource

import (
	"crosscall/memmodel/internal/ir"
)

// A weak compare-and-exchange may fail without a reason, again and again. A round of a loop
// in which it does so, and in which nothing else changes, is left out by the explorer. In a
// round that also writes to memory, as
//
//	do n->next = old; while (!atomic_compare_exchange_weak(&top, &old, n));
//
// it would go on to the bound, in every order with the other threads. There each place fails
// so once in each thread: the next round does what this one did, unless the loop counts.

// lapsesOnce reports whether that is so for code that is made now.
func (l *lowerer) lapsesOnce() bool {
	if len(l.around) == 0 {
		return false
	}
	s := l.around[len(l.around)-1]
	if s.x != nil && (s.y != nil || counts(s.x)) {
		return false
	}
	list := []*stmt{{kind: evalStmt, x: s.x}, {kind: blockStmt, body: s.body}}
	stores, counting := false, false
	walkStmts(list, func(e *expr) {
		if e.kind == assignExpr || e.kind == updateExpr {
			stores = stores || inMemory(e.x)
			counting = counting || e.kind == updateExpr && !inMemory(e.x)
		}
	})
	return stores && !counting
}

// counts reports whether an expression changes a variable, but for what a macro of this
// package does.
func counts(e *expr) bool {
	if e == nil || e.kind == blockExpr {
		return false
	}
	return e.kind == updateExpr || e.kind == assignExpr || counts(e.x) || counts(e.y) || counts(e.z)
}

// inMemory reports whether what is assigned to may be in memory that other threads see. A
// local variable is not, nor is where a compare-and-exchange says what it has found.
func inMemory(e *expr) bool {
	switch e.kind {
	case varExpr:
		return e.v.static
	case memberExpr:
		return inMemory(e.x)
	case derefExpr:
		return e.x.kind != varExpr || e.x.v.name != "__cc_e"
	}
	return false
}

// spentOr makes a register that says whether the place has failed so before, where that
// matters, and jumps to over if it has. The result notes that it has.
func (l *lowerer) spentOr(over *label) (spend func()) {
	if !l.lapsesOnce() {
		return func() {}
	}
	spent := l.temp()
	l.branchIf(loaded(spent, intT), over)
	return func() { l.emit(ir.Instr{Op: ir.Assign, Dst: spent, Val: known(1).e}) }
}
