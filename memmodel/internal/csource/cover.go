package csource

import (
	"cmp"
	"slices"
	"strings"

	"modernc.org/cc/v4"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/interp"
	"crosscall/memmodel/internal/ir"
)

// A cover(e) is a register of each thread that executes it. The register is set there if
// e is not zero, and is never cleared. It is part of the thread's state: the first round
// of a waiting loop that sets it changes something, and so is not left out as waiting.

const coverName = "__cc_cover"

// findCovers lists the covers of the source, also those in functions that nothing calls,
// which no execution reaches.
func (s *Source) findCovers(c *front) {
	add := func(at graph.Pos) {
		if !slices.ContainsFunc(s.covers, func(x ir.Cover) bool { return x.Pos == at }) {
			s.read(at.File)
			s.covers = append(s.covers, ir.Cover{Pos: at, Text: s.callWords(at)})
		}
	}
	for _, f := range s.all {
		walkStmts(f.body, func(e *expr) {
			if e.kind == builtinExpr && e.name == coverName {
				add(e.at)
			}
		})
	}
	for name, def := range c.defs {
		if c.functions[name] != nil || strings.HasPrefix(def.Position().Filename, shimFolder) {
			continue
		}
		for _, t := range cc.NodeTokens(def.CompoundStatement) {
			if t.SrcStr() == coverName {
				p := t.Position()
				add(graph.Pos{File: shownFile(p.Filename), Line: p.Line, Col: p.Column})
			}
		}
	}
	slices.SortFunc(s.covers, func(a, b ir.Cover) int {
		return cmp.Or(cmp.Compare(a.Pos.File, b.Pos.File), a.Pos.Line-b.Pos.Line, a.Pos.Col-b.Pos.Col)
	})
}

// cover is __cc_cover("", e). Without e it is as if e were 1.
func (l *lowerer) cover(e *expr) {
	if len(e.args) > 2 {
		fail(e.at, "cover has one operand or none")
	}
	met := known(1)
	if len(e.args) > 1 {
		met = truth(l.rvalue(e.args[1]))
	}
	r, ok := l.coverRegs[e.at]
	if !ok {
		r = l.code.temp()
		l.coverRegs[e.at] = r
	}
	set := &ir.Expr{Op: ir.LOr, A: loaded(r, intT).e, B: met.e} // it reads r, so that r is alive in the loop
	l.code.emit(ir.Instr{Op: ir.Assign, Dst: r, Val: set})
}

// addThread adds a thread that is finished.
func (l *lowerer) addThread() {
	for at, r := range l.coverRegs {
		c := l.unit.coverAt(at)
		c.Threads = append(c.Threads, ir.Obs{Kind: ir.RegObs, Thread: len(l.unit.prog.Threads), Reg: r})
	}
	l.unit.prog.Threads = append(l.unit.prog.Threads, *l.code.th)
}

// setFinal makes a thread the one that runs last. Its registers are those of l.
func (l *lowerer) setFinal(th *ir.Thread) {
	for at, r := range l.coverRegs {
		l.unit.coverAt(at).Final = r
	}
	l.unit.prog.Final = th
}

// coveredBefore notes the covers that in, which runs before the threads start, has reached.
func (l *lowerer) coveredBefore(in *interp.Interpreter) {
	for at, r := range l.coverRegs {
		c := l.unit.coverAt(at)
		c.Before = c.Before || in.Regs()[r] != 0
	}
}

// coverAt is the cover at a place of the source.
func (c *compiler) coverAt(at graph.Pos) *ir.Cover {
	i := slices.IndexFunc(c.covers, func(x ir.Cover) bool { return x.Pos == at })
	return &c.covers[i]
}
