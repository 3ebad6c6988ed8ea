package explore

import (
	"crosscall/memmodel/program"
)

// mayCome reports whether there may be more writes that r can read from.
func (g *grower) mayCome(r ref) bool {
	cell := g.event(r).Loc
	for t, runner := range g.runners {
		switch runner.Status() {
		case program.Needs, program.Forks, program.Tries:
			if (t != r.thread || !g.coherent) && !g.doomed[t] && runner.MayWrite(cell) {
				return true
			}
		}
	}
	return false
}
