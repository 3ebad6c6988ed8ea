package explore_test

import (
	"fmt"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// A thread is written as a list of steps; each makes its instructions.
type stepFunc func(t *threadMaker)

type threadMaker struct {
	p  *ir.Program
	th ir.Thread
}

func (t *threadMaker) cell(name string) *ir.Expr {
	for c := range t.p.Cells {
		if t.p.Cells[c].Name == name {
			return &ir.Expr{Op: ir.Const, K: ir.AddrOf(c)}
		}
	}
	t.p.Cells = append(t.p.Cells, ir.Cell{Name: name, Lock: name[0] == 'l'}, ir.Cell{})
	return t.cell(name)
}

func (t *threadMaker) do(kind graph.Kind, tag, cell string, in ir.Instr) {
	in.Op, in.Kind = ir.Do, kind
	if kind.Reads() && kind == graph.Read {
		in.Dst = ir.Reg(len(t.th.Regs))
		t.th.Regs = append(t.th.Regs, fmt.Sprint("r", in.Dst))
		t.th.Init = append(t.th.Init, 0)
	} else {
		in.Dst = ir.NoReg
	}
	if tag != "" {
		in.Tags = []string{tag}
	}
	if cell != "" {
		in.Addr = t.cell(cell)
	}
	t.th.Instr = append(t.th.Instr, in)
}

func constant(k int64) *ir.Expr { return &ir.Expr{Op: ir.Const, K: k} }

func read(cell string) stepFunc {
	return func(t *threadMaker) { t.do(graph.Read, "once", cell, ir.Instr{}) }
}

func write(cell string, v int64) stepFunc {
	return func(t *threadMaker) { t.do(graph.Write, "once", cell, ir.Instr{Val: constant(v)}) }
}

func fence(tag string) stepFunc {
	return func(t *threadMaker) { t.do(graph.Fence, tag, "", ir.Instr{}) }
}

func lock(cell string) stepFunc {
	return func(t *threadMaker) {
		t.do(graph.LockRead, "", cell, ir.Instr{})
		t.do(graph.LockWrite, "", cell, ir.Instr{})
	}
}

func unlock(cell string) stepFunc {
	return func(t *threadMaker) { t.do(graph.Unlock, "", cell, ir.Instr{}) }
}

// increment is an atomic_inc_return_relaxed.
func increment(cell string) stepFunc {
	return func(t *threadMaker) {
		t.do(graph.Read, "once", cell, ir.Instr{})
		old := &ir.Expr{Op: ir.Load, R: ir.Reg(len(t.th.Regs) - 1)}
		t.do(graph.Write, "once", cell, ir.Instr{RMW: true, Val: &ir.Expr{Op: ir.Add, A: old, B: constant(1)}})
	}
}

func threads(name string, list ...[]stepFunc) *ir.Program {
	p := &ir.Program{Name: name}
	for i, steps := range list {
		t := &threadMaker{p: p, th: ir.Thread{Name: fmt.Sprint("P", i)}}
		for _, s := range steps {
			s(t)
		}
		p.Threads = append(p.Threads, t.th)
	}
	return p
}

// families are programs that grow with n, to see how the time does.
var families = []struct {
	name string
	make func(n int) *ir.Program
	most int
	// executions is how many LKMM allows, where there is a formula.
	executions func(n int) int64
}{
	{"writers", writers, 7, factorial},
	{"readers", readers, 9, func(n int) int64 { return 1 << n }},
	{"counters", counters, 6, factorial},
	{"locks", locks, 6, factorial},
	{"iriw", iriw, 4, nil},
	{"rcu", rcuChain, 14, func(n int) int64 { return 1<<n - 1 }},
}

func factorial(n int) int64 {
	f := int64(1)
	for i := 2; i <= n; i++ {
		f *= int64(i)
	}
	return f
}

// writers has n threads that write to one cell.
func writers(n int) *ir.Program {
	var list [][]stepFunc
	for i := range n {
		list = append(list, []stepFunc{write("x", int64(i+1))})
	}
	return threads("writers", list...)
}

// readers has n threads that read what one writes.
func readers(n int) *ir.Program {
	list := [][]stepFunc{{write("x", 1)}}
	for range n {
		list = append(list, []stepFunc{read("x")})
	}
	return threads("readers", list...)
}

// counters has n threads that each add one to a cell.
func counters(n int) *ir.Program {
	var list [][]stepFunc
	for range n {
		list = append(list, []stepFunc{increment("x")})
	}
	return threads("counters", list...)
}

// locks has n threads that take one lock to add one to a cell, not atomically.
func locks(n int) *ir.Program {
	var list [][]stepFunc
	for range n {
		list = append(list, []stepFunc{lock("l"), read("x"), write("x", 1), unlock("l")})
	}
	return threads("locks", list...)
}

// iriw has n writers of a cell each, and n readers that read two of them.
func iriw(n int) *ir.Program {
	var list [][]stepFunc
	for i := range n {
		list = append(list,
			[]stepFunc{write(fmt.Sprint("x", i), 1)},
			[]stepFunc{read(fmt.Sprint("x", i)), fence("mb"), read(fmt.Sprint("x", (i+1)%n))})
	}
	return threads("iriw", list...)
}

// rcuChain has n threads in a ring that read from one neighbour and write to
// the other, in turn in a read-side critical section and around a grace period.
func rcuChain(n int) *ir.Program {
	var list [][]stepFunc
	for i := range n {
		r, w := read(fmt.Sprint("x", i)), write(fmt.Sprint("x", (i+1)%n), 1)
		if i%2 == 0 {
			list = append(list, []stepFunc{r, fence("sync-rcu"), w})
		} else {
			list = append(list, []stepFunc{fence("rcu-lock"), r, w, fence("rcu-unlock")})
		}
	}
	return threads("rcu", list...)
}
