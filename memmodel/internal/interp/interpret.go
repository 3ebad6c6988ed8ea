package interp

import (
	"fmt"
	"maps"
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// A FailedAssertion is the error of Run for an assertion that fails.
type FailedAssertion struct {
	Pos  graph.Pos
	Text string // what is wrong, without the place
}

func (e *FailedAssertion) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.Pos.File, e.Pos.Line, e.Pos.Col, e.Text)
}

// An Endless is the error of Run for a thread that does not end or, if Why is not empty,
// that is cut off for this reason.
type Endless struct {
	Pos graph.Pos
	Why string
}

func (e *Endless) Error() string {
	why := e.Why
	if why == "" {
		why = "this does not come to an end"
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.Pos.File, e.Pos.Line, e.Pos.Col, why)
}

// maxSteps bounds Run.
const maxSteps = 1 << 20

// Run runs a thread with no other thread beside it, on mem, which has a value for
// each cell. freed has the cells that have been freed, with the place of the
// free. A Fork takes the first branch whose assumptions hold. Errors are of type
// *FailedAssertion, *BadAddress, *Misuse or *Endless.
func Run(p *ir.Program, th *ir.Thread, mem []int64, freed map[int]graph.Pos) error {
	i := begin(p, th, mem)
	maps.Copy(i.freed, freed)
	return i.run()
}

func begin(p *ir.Program, th *ir.Thread, mem []int64) interpreter {
	i := interpreter{prog: p, th: th, mem: mem, regs: slices.Clone(th.Init), freed: maps.Clone(p.Freed), allocs: map[int]int{}, written: map[int]bool{}}
	if i.freed == nil {
		i.freed = make(map[int]graph.Pos)
	}
	for len(i.regs) < len(th.Regs) {
		i.regs = append(i.regs, 0)
	}
	return i
}

type interpreter struct {
	prog    *ir.Program
	th      *ir.Thread
	mem     []int64
	regs    []int64
	pc      int
	freed   map[int]graph.Pos // by cell
	allocs  map[int]int       // by instruction
	given   []int             // objects that were allocated
	forks   []way
	written map[int]bool // by cell
}

// A way is the state to return to if an assumption does not hold. No cell is
// written between a Fork and its assumption, so only registers have to be
// restored.
type way struct {
	pc   int
	regs []int64
}

func (i *interpreter) run() error {
	for range maxSteps {
		if i.pc == len(i.th.Instr) {
			return nil
		}
		in := &i.th.Instr[i.pc]
		i.pc++
		if err := i.step(in); err != nil {
			return err
		}
	}
	return &Endless{Pos: i.th.Instr[min(i.pc, len(i.th.Instr)-1)].Pos}
}

func (i *interpreter) step(in *ir.Instr) error {
	switch in.Op {
	case ir.Do:
		return i.access(in)
	case ir.Assign:
		i.regs[in.Dst] = i.eval(in.Val)
	case ir.Branch:
		if i.eval(in.Val) != 0 {
			i.pc = in.Target
		}
	case ir.Jump:
		i.pc = in.Target
	case ir.Fork:
		i.forks = append(i.forks, way{in.Target, slices.Clone(i.regs)})
	case ir.Assume:
		if i.eval(in.Val) == 0 {
			return i.back(in)
		}
	case ir.Assert:
		if i.eval(in.Val) == 0 {
			return &FailedAssertion{in.Pos, in.Wrong()}
		}
	case ir.Alloc:
		nth := i.allocs[i.pc]
		if nth == len(in.Objects) {
			return &Endless{in.Pos, in.None()}
		}
		i.allocs[i.pc]++
		i.given = append(i.given, in.Objects[nth])
		i.regs[in.Dst] = ir.AddrOf(i.prog.Objects[in.Objects[nth]].Cell)
	case ir.Free:
		return i.free(in)
	}
	return nil
}

func (i *interpreter) back(in *ir.Instr) error {
	if len(i.forks) == 0 {
		return &Endless{Pos: in.Pos}
	}
	w := i.forks[len(i.forks)-1]
	i.forks = i.forks[:len(i.forks)-1]
	i.pc, i.regs = w.pc, w.regs
	return nil
}

func (i *interpreter) access(in *ir.Instr) error {
	if in.Addr == nil || in.Kind == graph.Fence {
		return nil
	}
	addr := i.eval(in.Addr)
	cell, ok := i.prog.CellAt(addr)
	if !ok && i.prog.Within(addr) {
		return &ir.Misuse{Pos: in.Pos, Text: in.Text, What: ir.Mistyped}
	}
	if !ok {
		return &ir.BadAddress{Pos: in.Pos, Text: in.Text, Addr: addr}
	}
	if by, ok := i.freed[cell]; ok {
		return i.prog.Misused(cell, in.Pos, in.Text, by)
	}
	if i.prog.Mistypes(in, cell) {
		return &ir.Misuse{Pos: in.Pos, Text: in.Text, What: ir.Mistyped}
	}
	if in.Kind == graph.Unlock && i.mem[cell] == 0 {
		return &ir.Misuse{Pos: in.Pos, Text: in.Text, What: ir.NotHeld}
	}
	if i.hindered(in.Kind, cell) {
		return i.back(in)
	}
	other := i.prog.Resigned(in, cell)
	if in.Kind.Writes() {
		val := in.Val
		if other {
			val = ir.Extend(val, i.prog.Cells[cell].Type)
		}
		i.mem[cell] = i.eval(val)
		i.written[cell] = true
	} else if in.Dst != ir.NoReg {
		i.regs[in.Dst] = i.mem[cell]
		if other {
			i.regs[in.Dst] = i.eval(ir.Extend(&ir.Expr{Op: ir.Load, R: in.Dst}, in.Type))
		}
	}
	return nil
}

// hindered reports whether a lock's state makes an access to it impossible.
func (i *interpreter) hindered(k graph.Kind, cell int) bool {
	switch k {
	case graph.LockRead, graph.SeeFree:
		return i.mem[cell] != 0
	case graph.LockFail, graph.SeeLock:
		return i.mem[cell] == 0
	}
	return false
}

func (i *interpreter) free(in *ir.Instr) error {
	addr := i.eval(in.Addr)
	if addr == 0 {
		return nil
	}
	at := slices.IndexFunc(i.prog.Objects, func(o ir.Object) bool { return ir.AddrOf(o.Cell) == addr })
	if at < 0 {
		return &ir.BadAddress{Pos: in.Pos, Text: in.Text, Addr: addr}
	}
	o := i.prog.Objects[at]
	if by, ok := i.freed[o.Cell]; ok {
		return &ir.Misuse{Pos: in.Pos, Text: in.Text, What: ir.Twice, By: by}
	}
	for c := range o.Size {
		i.freed[o.Cell+c] = in.Pos
		i.mem[o.Cell+c] = ir.Poison
	}
	return nil
}

func (i *interpreter) eval(e *ir.Expr) int64 {
	switch e.Op {
	case ir.Const:
		return e.K
	case ir.Load:
		return i.regs[e.R]
	}
	var args [3]int64
	for k, x := range [3]*ir.Expr{e.A, e.B, e.C} {
		if x != nil {
			args[k] = i.eval(x)
		}
	}
	v, _ := e.Op.Apply(args[0], args[1], args[2])
	return v
}
