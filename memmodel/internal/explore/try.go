package explore

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/thread"
)

// tryAll explores what each way to decide c leaves.
func (g *grower) tryAll(c choice) {
	p := postponed{read: c.read, fails: g.lasting(c), away: g.last(c.read).away, tries: g.tries(c.read)}
	overtakes := g.overtakes(c.read)
	g.frames = append(g.frames, frame{read: c.read, cell: g.event(c.read).Loc, overtakes: overtakes, since: g.counts()})
	top := len(g.frames) - 1
	g.frames[top].worth = !g.coherent || !g.atEnd(c.read) || g.mayFollow(c)
	last := make([]bool, len(c.writes))
	for i, w := range c.writes {
		last[i] = g.lasts(w, c.read) && !g.waitsInVain(c.read, w)
	}
	shown := false
	note := func(i int, o outcome) {
		shown = shown || o.passed && last[i]
		if o.waited && (last[i] || o.away) {
			p.fails = append(p.fails, c.writes[i])
			p.away = p.away || o.away
		}
	}
	var given []*gift
	for i, w := range c.writes {
		d := decision{w, c.read, overtakes}
		g.asked = c.more && last[i] && !shown && !g.frames[top].worth
		if i+1 < len(c.writes) && g.depth < giveDepth && g.helper() {
			given = append(given, g.give(i, d))
			continue
		}
		note(i, g.outcomeOf(d))
		if g.over.Load() {
			break
		}
	}
	for _, x := range given {
		note(x.at, g.take(x))
	}
	f := g.frames[top]
	g.frames = g.frames[:top]
	g.waited, g.passed = false, true
	if c.more && (f.worth || !shown) || len(p.fails) > 0 {
		g.postpone(p)
	}
}

// waitsInVain reports whether read's thread might wait at w, which will not last.
func (g *grower) waitsInVain(read, w ref) bool {
	if !g.contested(w, read) {
		return false
	}
	p, _ := g.tryOut(read, w)
	return p == unclear && g.outdated(w, read)
}

// An outcome says of a decision whether it was allowed, whether it makes a thread
// wait, and whether that is not on what that thread sees in its round of waiting.
type outcome struct{ passed, waited, away bool }

func (g *grower) outcomeOf(d decision) outcome {
	g.passed, g.away = false, false
	g.try(d)
	return outcome{g.passed, g.waited, g.away}
}

func (g *grower) try(d decision) {
	w, r := d.write, d.read
	g.stats.Tried++
	reader := g.runners[r.thread]
	ways := []*thread.Runner{reader}
	if g.tries(r) {
		both := reader.Ways()
		ways = both[:]
	}
	misuse := g.misuse(w, r)
	v, known := g.written(w)
	waited, dead := false, true
	for _, way := range ways {
		if way != reader {
			if misuse == nil && known && !way.Admits(v) {
				continue
			}
			r.event = way.Need()
		}
		g.runners[r.thread] = way
		if misuse != nil {
			g.runners[r.thread] = way.Clone()
			g.runners[r.thread].Stop(misuse)
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
func (g *grower) misuse(w, r ref) *ir.Misuse {
	read := g.event(r)
	switch {
	case w.thread == graph.InitThread:
		if !g.prog.Cells[w.event].Uninit {
			return nil
		}
		return &ir.Misuse{Pos: read.Pos, Text: read.Text, What: ir.Unset}
	case slices.Contains(g.runners[w.thread].Path().Frees, w.event):
		return &ir.Misuse{Pos: read.Pos, Text: read.Text, What: ir.Freed, By: g.event(w).Pos}
	}
	return nil
}
