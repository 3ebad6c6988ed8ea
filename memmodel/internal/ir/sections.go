package ir

import "slices"

// Sections are the critical sections of readers, such as those of RCU: a wait for them
// ends when all sections that have begun before it have ended. A section begins and
// ends with a fence, like brackets. For SRCU, it begins with a read and ends with a
// write of the value read; sections of different cells are independent.
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
