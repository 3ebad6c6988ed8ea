package explore

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/program"
)

// tryAll explores what each way to decide c leaves.
func (g *grower) tryAll(c choice) {
	p := postponed{read: c.read, fails: g.lasting(c), away: g.last(c.read).away, tries: g.tries(c.read)}
	overtakes := g.overtakes(c.read)
	g.frames = append(g.frames, frame{read: c.read, cell: g.event(c.read).Loc, overtakes: overtakes, since: g.counts()})
	top := len(g.frames) - 1
	// Before the gate all workers must go the same way, whatever each has seen.
	g.frames[top].worth = !g.coherent || !g.atEnd(c.read) || g.mayFollow(c) || g.shared && g.depth <= growDepth
	last := make([]bool, len(c.writes))
	for i, w := range c.writes {
		last[i] = g.lasts(w, c.read)
	}
	shown := false
	for i, w := range c.writes {
		g.passed, g.away = false, false
		g.asked = c.more && last[i] && !shown && !g.frames[top].worth
		g.try(decision{w, c.read, overtakes})
		shown = shown || g.passed && last[i]
		if g.waited && (last[i] || g.away) {
			p.fails = append(p.fails, w)
			p.away = p.away || g.away
		}
		if g.over.Load() {
			break
		}
	}
	f := g.frames[top]
	g.frames = g.frames[:top]
	g.waited, g.passed = false, true
	if c.more && (f.worth || !shown) || len(p.fails) > 0 {
		g.postpone(p)
	}
}

func (g *grower) try(d decision) {
	w, r := d.write, d.read
	g.stats.Tried++
	reader := g.runners[r.thread]
	ways := []*program.Runner{reader}
	if g.tries(r) {
		both := reader.Ways()
		ways = both[:]
	}
	waited, dead := false, true
	for _, way := range ways {
		if way != reader {
			r.event = way.Need()
		}
		g.runners[r.thread] = way
		if m := g.misuse(w, r); m != nil {
			g.runners[r.thread] = way.Clone()
			g.runners[r.thread].Stop(m)
		}
		g.rf[r.thread][r.event] = w
		g.decided = append(g.decided, decision{w, r, d.overtakes})
		g.advance()
		g.decided = g.decided[:len(g.decided)-1]
		g.rf[r.thread][r.event] = undecided
		waited, dead = waited || g.waited, dead && g.dead
	}
	g.died(dead)
	g.waited = waited
	g.runners[r.thread] = reader
}

// misuse says what is wrong with reading from w, if anything is.
func (g *grower) misuse(w, r ref) *program.Misuse {
	read := g.event(r)
	switch {
	case w.thread == graph.InitThread:
		if !g.prog.Cells[w.event].Uninit {
			return nil
		}
		return &program.Misuse{Pos: read.Pos, Text: read.Text, What: program.Unset}
	case slices.Contains(g.runners[w.thread].Path().Frees, w.event):
		return &program.Misuse{Pos: read.Pos, Text: read.Text, What: program.Freed, By: g.event(w).Pos}
	}
	return nil
}
