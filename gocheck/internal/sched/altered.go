package sched

import "strings"

// Alters notes that the program has seen something that exploration changes, as the
// counts of the allocator. Its own assertions, and what its goroutines wait for, may
// depend on that from now on.
func (x *Explorer) Alters() {
	if x.altered != "" || x.killing || x.solo {
		return
	}
	f := places()
	x.altered = f.via
	if f.at.File != "" {
		x.altered += " at " + f.at.String()
	}
}

// Unexplorable ends the execution at something that cannot be explored.
func (x *Explorer) Unexplorable(why string) {
	if x.killing {
		x.leave()
	}
	f := places()
	x.fail(Unexplored, f.via+" at "+f.at.String()+" "+why)
}

// Unexplorable says whether f is no failure: the program depends on what is not
// explored, or on what differs between two executions of one schedule. A race or a
// misuse is one, even if it does not come again.
func (f *Found) Unexplorable() bool {
	switch f.Kind {
	case Unexplored, Nondeterminism:
		return f.Failed
	case Race, Misuse, Outlived, Exit:
		return false
	}
	return f.Failed && f.Unsure && !f.Outside
}

// doubt withdraws a failure if the test has asked for something that exploration
// changes, because that may have caused the failure. Races and misuse stay failures.
func (x *Explorer) doubt() {
	f := x.found
	if x.altered == "" || !f.Failed {
		return
	}
	switch f.Kind {
	case Assertion, Panic, Deadlock, Leak, Livelock:
		text := "the test depends on " + x.altered + ", which exploration changes; it ends with " + f.Kind.String() + ": " + strings.Join(f.Text, "\n")
		f.Kind, f.Text = Unexplored, []string{text}
	}
}
