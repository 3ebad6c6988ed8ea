package explore

import (
	"context"
	"fmt"
	"slices"

	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/rel"
)

// RunGrowing is Run by the explorer for programs that cannot be unfolded
// beforehand.
func RunGrowing(ctx context.Context, p *ir.Program, m *rel.Plan, c Config, each func(*Execution) error) (Stats, error) {
	return run(ctx, p, m, c, true, each)
}

// RunUnfolded is Run by the explorer for threads that have an end: loops are cut at the bound.
func RunUnfolded(ctx context.Context, p *ir.Program, m *rel.Plan, c Config, each func(*Execution) error) (Stats, error) {
	return run(ctx, p, m, c, false, each)
}

// PostponeAll is c for an explorer that postpones every read which may be written.
func PostponeAll(c Config) Config {
	c.plain.postponeAll = true
	return c
}

// ForceNone is c for an explorer to which each read is a decision.
func ForceNone(c Config) Config {
	c.plain.forceNone = true
	return c
}

// AssumeWeak is c for an explorer that takes the model to allow all load buffering.
func AssumeWeak(c Config) Config {
	c.plain.assumeWeak = true
	return c
}

// TryInVain is c for an explorer that keeps rounds of loops which are in vain.
func TryInVain(c Config) Config {
	c.plain.tryInVain = true
	return c
}

// Endless counts the threads that wait forever in x.
func Endless(x *Execution) int {
	n := 0
	for _, p := range x.state.Paths {
		if p.Endless() {
			n++
		}
	}
	return n
}

// RunPart is Run by the one explorer or the other.
func RunPart(ctx context.Context, p *ir.Program, m *rel.Plan, c Config, grows bool, each func(*Execution) error) (Stats, error) {
	return run(ctx, p, m, c, grows, each)
}

// A FailedAssertion is a thread, and the number of an assertion that it has come to.
type FailedAssertion struct{ Thread, At int }

// CodeOf is the code of a thread in words.
func CodeOf(th *ir.Thread) string {
	words := fmt.Sprint(th.Init)
	for _, in := range th.Instr {
		words += fmt.Sprintln(in.Op, in.Kind, in.Tags, in.RMW, in.Dst, exprWords(in.Addr), exprWords(in.Val), in.Target, in.Join, in.Objects)
	}
	return words
}

func exprWords(e *ir.Expr) string {
	if e == nil {
		return "-"
	}
	return fmt.Sprint("(", e.Op, e.K, e.R, exprWords(e.A), exprWords(e.B), exprWords(e.C), ")")
}

// AllFailed lists the assertions that fail in x.
func AllFailed(x *Execution) (list []FailedAssertion) {
	for t, p := range x.state.Paths {
		for i := range p.Asserts {
			v, ok := x.state.Eval(t, p.Asserts[i].Val)
			at := slices.IndexFunc(x.state.Prog.Threads[t].Instr, func(in ir.Instr) bool { return in.Op == ir.Assert && in.Text == p.Asserts[i].Instr.Text })
			if ok && v == 0 {
				list = append(list, FailedAssertion{t, at})
			}
		}
	}
	return list
}

// KeepShared is c for an explorer that makes no cell private.
func KeepShared(c Config) Config {
	c.plain.keepShared = true
	return c
}

// Privates lists the cells that the explorer makes private.
func Privates(p *ir.Program) (list []int) {
	for c, cell := range withPrivate(p).Cells {
		if cell.Private && !p.Cells[c].Private {
			list = append(list, c)
		}
	}
	return list
}
