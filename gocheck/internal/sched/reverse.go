package sched

// reverseRaces requests the reversal of each race of the execution, unless it
// has been explored or requested already. Races that end in the part that the
// last execution also had were handled then.
func (x *Explorer) reverseRaces() {
	x.reversals.findMissed()
	for _, r := range x.reversals.list {
		if int(r.until) < x.stack.racesUpTo {
			continue
		}
		if x.why = x.limits.after(int(r.until - r.first)); x.why != "" {
			x.ending = cutShort
			return
		}
		x.stack.reverse(r, &x.reversals)
	}
	x.stack.racesUpTo = x.exec.depth
}
