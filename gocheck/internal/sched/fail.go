package sched

import (
	"fmt"
	"strings"
)

// A FailureKind is the kind of a failure.
type FailureKind uint8

const (
	Assertion FailureKind = iota
	Panic
	Race
	Deadlock
	Leak
	Livelock
	Misuse
	Outlived
	Nondeterminism
	Exit
	Timeout    // the body takes longer than MaxClock
	Unexplored // the program uses something that exploration changes by its nature
)

func (k FailureKind) String() string {
	return [...]string{"assertion", "panic", "race", "deadlock", "leak", "livelock", "misuse", "outlived", "nondeterminism", "exit", "timeout", "not explored"}[k]
}

// Found is a failure and the execution that shows it.
type Found struct {
	Kind     FailureKind
	Failed   bool // false: the execution was only recorded
	Text     []string
	Stack    string // of a panic
	Schedule *Schedule
	Steps    []Step
	Raced    [2]int // the steps of a race, if they differ
	Objects  []Object
	Plains   []string
	Threads  []Started

	Preemptions int  // of the schedule
	MayShrink   bool // there may be a schedule with fewer: the search was ended
	NoRounds    bool // no loops were recognized in this execution, so its steps differ
	Census      bool // goroutines were counted, so its steps differ
	Unsure      bool // the same schedule did not fail again
	Outside     bool // it is a failure of goroutines that are not explored: the same schedule need not fail again
}

// Body is the name of the explored function in messages.
var Body = "body"

// note records a failure and ends the execution.
func (x *Explorer) note(k FailureKind, text, stack string) {
	x.say(k, text)
	x.found.Stack = stack
	x.ending = failed
	if x.rec != nil && k != Race {
		x.rec.failure(x.cur, x.inFinal(k.String())+": "+text)
	}
}

// say records a failure; the execution goes on.
func (x *Explorer) say(k FailureKind, text string) {
	if x.found == nil {
		x.found = &Found{Kind: k, Failed: true}
	}
	x.found.Text = append(x.found.Text, text)
}

// fail records a failure and ends the goroutine that has it.
func (x *Explorer) fail(k FailureKind, text string) {
	x.note(k, text, "")
	x.next = nil
	x.cur.park()
}

// Error records a failed assertion; the execution goes on.
func (x *Explorer) Error(text string) {
	if x.killing {
		x.leave()
	}
	x.say(Assertion, text)
	if x.rec != nil {
		x.rec.failure(x.cur, x.inFinal("fails")+": "+text)
	}
}

// inFinal adds the place to the text of a failure, if it has no step.
func (x *Explorer) inFinal(what string) string {
	if x.solo {
		what += " in Final"
	}
	return what
}

// ErrorOutside is Error for an assertion of a goroutine that is not explored.
func (x *Explorer) ErrorOutside(text string) {
	x.Error(text)
	x.found.Outside = true
}

// Exits is for a program that ends its process.
func (x *Explorer) Exits(code int) {
	if x.killing {
		x.leave()
	}
	x.fail(Exit, fmt.Sprintf("%s calls os.Exit(%d)", x.threads.name(x.cur.id), code))
}

// Fatal is Error, and ends the execution.
func (x *Explorer) Fatal(text string) {
	x.Error(text)
	x.end(failed)
}

// judge evaluates an execution that has ended: a thread that has not ended
// waits for something that will never happen.
func (x *Explorer) judge() {
	if x.found == nil {
		x.judgeCounters()
	}
	if x.found != nil {
		return
	}
	var stuck []string
	spin := true
	for _, t := range x.threads {
		if t.live && !t.idle && !(t.lasting && !x.threads[0].live) && !x.time.goesOn(t, x.threads[0]) && !(x.time.over && x.time.isTimed(t)) {
			why := x.texts.waitsFor(t)
			stuck = append(stuck, x.threads.name(t.id)+" "+why+x.texts.pendingAt(t))
			if x.rec != nil {
				x.rec.stuck(t, why)
			}
			spin = spin && (t.waiting || x.memory.isFutile(t))
		}
	}
	if len(stuck) == 0 || x.cfg.NoLeaks && !x.threads[0].live {
		return
	}
	kind, text := Deadlock, ""
	switch {
	case x.time.over:
		kind, text = Timeout, fmt.Sprintf("%v of the %s's clock have passed, and ", x.cfg.MaxClock, Body)
	case spin:
		kind, text = Livelock, "nobody is left to change what is waited for: "
	case !x.threads[0].live:
		kind, text = Leak, "the "+Body+" has returned, and "
	}
	x.say(kind, text+strings.Join(stuck, "; "))
}

// NameObject gives the object of h a name for messages.
func (x *Explorer) NameObject(h *Header, typ, name string) {
	x.objs.at(x.object(h, typ)).name = name
}
