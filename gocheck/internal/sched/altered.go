package sched

import "strings"

// Alters notes that the program has read something that exploration changes, such as
// the counts of the allocator. From now on its assertions and its waits may depend
// on that.
func (x *Explorer) Alters() {
	if x.dependsYet() {
		return
	}
	f := places()
	x.altered = f.via + f.where() + ", which exploration changes"
}

// Waits notes that the program uses a channel at which a goroutine waits that is not explored, as
// one does that a TestMain has started: that goroutine will not see it. From now on assertions and
// waits may depend on that.
func (x *Explorer) Waits() {
	if x.dependsYet() {
		return
	}
	f := places()
	x.altered = "a goroutine that waits at the channel used" + f.where() + ", and is not explored: it was started before the tests"
}

// dependsYet reports whether there is nothing to note: the program depends on something already,
// or is not explored now.
func (x *Explorer) dependsYet() bool { return x.altered != "" || x.killing || x.solo }

// where is the place of a frame, if it has one.
func (f frame) where() string {
	if f.at.File == "" {
		return ""
	}
	return " at " + f.at.String()
}

// Unexplorable ends the execution at an operation that cannot be explored.
func (x *Explorer) Unexplorable(why string) {
	if x.killing {
		x.leave()
	}
	f := places()
	x.fail(Unexplored, f.via+" at "+f.at.String()+" "+why)
}

// Unexplorable reports whether f is no failure: the program depends on something
// that is not explored, or that differs between two executions of one schedule. A
// race or a misuse is a failure even if it does not occur again.
func (f *Found) Unexplorable() bool {
	switch f.Kind {
	case Unexplored, Nondeterminism:
		return f.Failed
	case Race, Misuse, Outlived, Exit:
		return false
	}
	return f.Failed && f.Unsure && !f.Outside
}

// doubt withdraws a failure if the test has read something that exploration changes,
// because that may have caused the failure. Races and misuse stay failures.
func (x *Explorer) doubt() {
	f := x.found
	if x.altered == "" || !f.Failed {
		return
	}
	switch f.Kind {
	case Assertion, Panic, Deadlock, Leak, Livelock, Timeout:
		text := "the test depends on " + x.altered + "; it ends with " + f.Kind.String() + ": " + strings.Join(f.Text, "\n")
		f.Kind, f.Text = Unexplored, []string{text}
	}
}
