package explore

import (
	"fmt"
	"slices"
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/complete"
	"crosscall/memmodel/internal/interp"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/thread"
)

// A Failure is what is wrong with an execution.
type Failure struct {
	Kind FailureKind
	Pos  graph.Pos
	Text string // a sentence, without the place
	// Way tells failures of one kind apart: what is wrong with the address, or the memory.
	Way string

	thread int   // -1: no thread's
	events []int // that decide it
}

// NewFailure is one that is no single thread's.
func NewFailure(kind FailureKind, at graph.Pos, text string) *Failure {
	return &Failure{Kind: kind, Pos: at, Text: text, thread: -1}
}

// in returns f as a failure of a thread, with the events that decide it.
func (f *Failure) in(thread int, events ...int) *Failure {
	f.thread, f.events = thread, events
	return f
}

// FailureKind says what kind of thing is wrong.
type FailureKind string

const (
	AssertionFails FailureKind = "assertion"
	BadAccess      FailureKind = "bad address" // of what is no variable
	MemoryMisuse   FailureKind = "memory"      // after free, freed twice, never set
	Deadlock       FailureKind = "deadlock"    // threads wait for locks forever
	Livelock       FailureKind = "livelock"    // a loop that no thread can end
	BadUnlock      FailureKind = "lock"        // given back by a thread that does not hold it
	WrongType      FailureKind = "type"        // no failure of the program: what it does is not supported
	Race           FailureKind = "data race"   // flagged by the model, where that is an error
)

// String is the sentence with its place, if there is one.
func (f *Failure) String() string {
	if f.Pos.Line == 0 {
		return f.Text
	}
	return fmt.Sprintf("%s:%d:%d: %s", f.Pos.File, f.Pos.Line, f.Pos.Col, f.Text)
}

// In is f as part of a picture.
func (f *Failure) In() *graph.Failure {
	return &graph.Failure{Text: f.Text, Pos: f.Pos, Thread: f.thread, Events: f.events}
}

// Failure returns what is wrong with the execution, or nil: a bad access or a
// misuse of memory or locks before a failed assertion, and those before a thread
// that waits forever.
func (x *Execution) Failure() *Failure {
	for _, look := range []func() *Failure{x.fault, x.misuse, x.unlock, x.assertion, x.waits, x.final} {
		if f := look(); f != nil {
			return f
		}
	}
	return nil
}

func (x *Execution) fault() *Failure {
	for t, p := range x.state.Paths {
		switch {
		case p.Fault != nil:
			return badAccess(p.Fault).in(t)
		case p.Misuse != nil:
			return misused(p.Misuse).in(t, x.lastAt(t, p.Misuse.Pos)...)
		}
	}
	return nil
}

// lastAt is the last access of a thread at a place, behind what it reads from.
func (x *Execution) lastAt(t int, at graph.Pos) (events []int) {
	s := x.state
	for e := len(s.Paths[t].Events) - 1; e >= 0; e-- {
		ev := &s.Paths[t].Events[e]
		if ev.Pos != at || ev.Loc == graph.NoLoc {
			continue
		}
		if w := s.RF(s.Base[t] + e); w >= 0 && s.Events[w].Thread >= 0 {
			events = append(events, w)
		}
		return append(events, s.Base[t]+e)
	}
	return nil
}

func badAccess(e *ir.BadAddress) *Failure {
	way, what := addressText(e.Addr)
	return &Failure{Kind: BadAccess, Pos: e.Pos, thread: -1, Text: fmt.Sprintf("%s accesses %s", e.Text, what), Way: way}
}

func addressText(a int64) (way, text string) {
	switch a {
	case 0:
		return "null", "the null pointer"
	case ir.Poison:
		return "freed", "an address that was read from freed memory"
	}
	return "unknown", fmt.Sprintf("address %#x, which is no variable's", a)
}

func misused(m *ir.Misuse) *Failure {
	text := m.Error()
	kind := MemoryMisuse
	switch m.What {
	case ir.NotHeld:
		kind = BadUnlock
	case ir.Mistyped:
		kind = WrongType
	}
	return &Failure{Kind: kind, Pos: m.Pos, thread: -1, Text: text[len(fmt.Sprintf("%s:%d:%d: ", m.Pos.File, m.Pos.Line, m.Pos.Col)):], Way: m.What.String()}
}

// misuse looks for reads and writes that come after memory was freed.
func (x *Execution) misuse() *Failure {
	s := x.state
	for t, p := range s.Paths {
		for _, e := range p.Frees {
			free := s.Base[t] + e
			if f := x.after(free, s.Events[free]); f != nil {
				return f
			}
		}
	}
	for r := range s.Events {
		if w := s.RF(r); w >= 0 && s.Events[w].Thread == graph.InitThread && s.Prog.Cells[s.Events[w].Loc].Uninit && !s.Events[r].Copies {
			read := s.Events[r]
			return misused(&ir.Misuse{Pos: read.Pos, Text: read.Text, What: ir.Unset}).in(read.Thread, r)
		}
	}
	return nil
}

// after looks for what reads from, or overwrites, the write by which memory was
// freed.
func (x *Execution) after(free int, by *graph.Event) *Failure {
	s := x.state
	for e, ev := range s.Events {
		if s.RF(e) != free && !(ev.Kind.Writes() && s.Before(free, e)) {
			continue
		}
		m := s.Prog.Misused(by.Loc, ev.Pos, ev.Text, by.Pos)
		if ev.Thread >= 0 && slices.Contains(s.Paths[ev.Thread].Frees, e-s.Base[ev.Thread]) {
			m.What = ir.Twice
		}
		return misused(m).in(ev.Thread, free, e)
	}
	return nil
}

// unlock looks for a lock that is given back by a thread which does not hold it.
func (x *Execution) unlock() *Failure {
	var held []int
	for t, p := range x.state.Paths {
		held = held[:0]
		for e := range p.Events {
			switch ev := &p.Events[e]; ev.Kind {
			case graph.LockWrite:
				held = append(held, ev.Loc)
			case graph.Unlock:
				i := slices.Index(held, ev.Loc)
				if i < 0 {
					return misused(&ir.Misuse{Pos: ev.Pos, Text: ev.Text, What: ir.NotHeld}).in(t, x.state.Base[t]+e)
				}
				held = slices.Delete(held, i, i+1)
			}
		}
	}
	return nil
}

func (x *Execution) assertion() *Failure {
	s := x.state
	t, a := x.failedAssertion()
	if a == nil {
		return nil
	}
	var reads []int
	s.Paths[t].Syms[a.Val].Reads.Each(func(r int) { reads = append(reads, s.Base[t]+r) })
	return (&Failure{Kind: AssertionFails, Pos: a.Instr.Pos, Text: a.Instr.Wrong()}).in(t, reads...)
}

func (x *Execution) waits() *Failure {
	s := x.state
	if f := x.hangs(); f != nil {
		return f
	}
	exits := slices.ContainsFunc(s.Paths, func(p *thread.Path) bool { return p.Exits })
	for t, p := range s.Paths {
		name := s.Prog.Threads[t].Name
		switch {
		case p.Idle, exits && !x.deadlocked(t):
			continue
		case p.Stuck != nil:
			return (&Failure{Kind: Livelock, Pos: p.Stuck.Pos, Text: name + " goes round forever here" + x.together(t)}).in(t)
		case len(p.Wait) == 0:
			continue
		}
		last := p.Wait[len(p.Wait)-1]
		e := &p.Events[last]
		f := &Failure{Kind: Livelock, Pos: e.Pos, Text: fmt.Sprintf("%s waits forever: nothing changes what %s sees", name, e.Text)}
		if e.Kind == graph.LockFail {
			f.Kind, f.Text = Deadlock, fmt.Sprintf("%s waits forever: %s finds the lock taken by one that never gives it back", name, e.Text)
		}
		return f.in(t, s.Base[t]+last)
	}
	return nil
}

// deadlocked reports whether thread t waits for a lock of a thread that has ended, or waits
// for a lock, too, and so on: that is an error although the process ends.
func (x *Execution) deadlocked(t int) bool {
	s := x.state
	seen := make([]bool, len(s.Paths))
	for !seen[t] {
		p := s.Paths[t]
		if len(p.Wait) == 0 {
			return !p.Exits && p.Stuck == nil && slices.Contains(seen, true)
		}
		last := p.Wait[len(p.Wait)-1]
		if p.Events[last].Kind != graph.LockFail {
			return false
		}
		w := s.RF(s.Base[t] + last)
		if w < 0 || s.Events[w].Thread < 0 {
			return false
		}
		seen[t] = true
		t = s.Events[w].Thread
	}
	return true
}

// together says with whom thread t, which goes round forever, does so.
func (x *Execution) together(t int) string {
	var names []string
	for u, p := range x.state.Paths {
		if u != t && p.Stuck != nil {
			names = append(names, x.state.Prog.Threads[u].Name)
		}
	}
	switch n := len(names); n {
	case 0:
		return ": nothing ends this loop"
	case 1:
		return ", if it and " + names[0] + " take turns, step by step: neither loop ends"
	default:
		return ", if it, " + strings.Join(names[:n-1], ", ") + " and " + names[n-1] + " take turns, step by step: none of the loops ends"
	}
}

// final runs the program's last thread on the last values.
func (x *Execution) final() *Failure {
	s := x.state
	if s.Prog.Final == nil || slices.ContainsFunc(s.Paths, func(p *thread.Path) bool { return len(p.Wait) > 0 && !p.Idle }) {
		return nil
	}
	switch e := interp.Run(s.Prog, s.Prog.Final, x.lastValues(), x.freed()).(type) {
	case nil:
		return nil
	case *ir.BadAddress:
		return badAccess(e)
	case *ir.Misuse:
		return misused(e)
	case *interp.Endless:
		return &Failure{Kind: Livelock, Pos: e.Pos, thread: -1, Text: "what runs after the threads does not come to an end"}
	case *interp.FailedAssertion:
		return &Failure{Kind: AssertionFails, Pos: e.Pos, thread: -1, Text: e.Text}
	default:
		return &Failure{Kind: AssertionFails, thread: -1, Text: e.Error()}
	}
}

// lastValues are what the cells hold when all threads have ended.
func (x *Execution) lastValues() []int64 {
	memory := make([]int64, len(x.state.Prog.Cells))
	for c := range memory {
		memory[c], _ = x.state.Observe(ir.Obs{Kind: ir.CellObs, Cell: c})
	}
	return memory
}

// freed has the cells that the threads have freed.
func (x *Execution) freed() map[int]graph.Pos {
	freed := make(map[int]graph.Pos)
	for _, p := range x.state.Paths {
		for _, e := range p.Frees {
			freed[p.Events[e].Loc] = p.Events[e].Pos
		}
	}
	return freed
}

// hangs says which thread waits for which, if a thread hangs.
func (x *Execution) hangs() *Failure {
	s := x.state
	for t, p := range s.Paths {
		u, e := complete.StaysFor(s, p)
		if u < 0 {
			continue
		}
		at, name := &p.Events[p.Hang.Event], s.Prog.Threads[t].Name
		begin := &s.Paths[u].Events[e]
		text := fmt.Sprintf("%s waits forever: %s waits for the section that it is in itself, since line %d", name, at.Text, begin.Pos.Line)
		if u != t {
			text = fmt.Sprintf("%s waits forever: %s waits for the section that %s is in since line %d, and that one %s",
				name, at.Text, s.Prog.Threads[u].Name, begin.Pos.Line, whyStays(s.Paths[u]))
		}
		return (&Failure{Kind: Deadlock, Pos: at.Pos, Text: text}).in(t, s.Base[t]+p.Hang.Event, s.Base[u]+e)
	}
	return nil
}

// whyStays says why a thread does not go on.
func whyStays(p *thread.Path) string {
	switch {
	case p.Hang != nil:
		e := &p.Events[p.Hang.Event]
		return fmt.Sprintf("waits in line %d for a section too: %s", e.Pos.Line, e.Text)
	case p.Stuck != nil:
		return fmt.Sprintf("goes round forever in line %d", p.Stuck.Pos.Line)
	case len(p.Wait) == 0:
		return "goes wrong there"
	}
	e := &p.Events[p.Wait[len(p.Wait)-1]]
	if e.Kind == graph.LockFail {
		return fmt.Sprintf("waits in line %d for a lock that is never given back: %s", e.Pos.Line, e.Text)
	}
	return fmt.Sprintf("waits in line %d for another value of %s", e.Pos.Line, e.Text)
}
