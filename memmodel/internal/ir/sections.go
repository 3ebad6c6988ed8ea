package ir

import "slices"

// Sections are the critical sections of readers, as those of RCU: what waits for
// them goes on when all that have begun before it have ended. A fence begins and ends
// one like a bracket; or a read does, whose value then goes to the write that ends it,
// as for SRCU, and those of one cell have nothing to do with those of another.
type Sections struct {
	Open, Close, Wait string // tags
}

// A SectionEvent is an event of Program.Sections[Of].
type SectionEvent struct {
	Event, Of int
}

// Opens is the index of the Sections that an event with these tags opens; -1 is none.
func (p *Program) Opens(tags []string) int {
	return slices.IndexFunc(p.Sections, func(s Sections) bool { return slices.Contains(tags, s.Open) })
}

// Closes is the index of the Sections that an event with these tags closes; -1 is none.
func (p *Program) Closes(tags []string) int {
	return slices.IndexFunc(p.Sections, func(s Sections) bool { return slices.Contains(tags, s.Close) })
}

// WaitsFor is the index of the Sections that an event with these tags waits for; -1 is
// none.
func (p *Program) WaitsFor(tags []string) int {
	return slices.IndexFunc(p.Sections, func(s Sections) bool { return slices.Contains(tags, s.Wait) })
}
