package explore

import (
	"fmt"
	"slices"
)

// A Division is an exploration that is divided into parts: which are to be explored next,
// and which wait for what others reply. Each run of a part has a name, and what is left of
// it is added once. Names depend on nothing but what was added, so a Division that gets the
// same again, in whatever order, is the same.
type Division struct {
	units   map[string]*unit // by name of the run
	ready   []string
	running int
}

// A unit is a part that somebody works on, in one run or several.
type unit struct {
	name   string
	part   Part
	runs   int
	parent *unit // dynamic: it waits for the reply
	kids   map[string]*Reply
	asleep bool // it waits for its kids
}

// NewDivision is of a whole exploration.
func NewDivision() *Division {
	v := &Division{units: map[string]*unit{}}
	v.issue(&unit{name: "0"})
	return v
}

func (v *Division) issue(u *unit) {
	u.runs++
	u.asleep = false
	run := fmt.Sprintf("%s-%d", u.name, u.runs)
	v.units[run] = u
	v.ready = append(v.ready, run)
	v.running++
}

// Next takes a run that can begin. ok is false if there is none now.
func (v *Division) Next() (run string, p Part, ok bool) {
	if len(v.ready) == 0 {
		return "", Part{}, false
	}
	run = v.ready[0]
	v.ready = v.ready[1:]
	return run, v.units[run].part, true
}

// Done reports whether nothing is left.
func (v *Division) Done() bool { return v.running == 0 }

// Add adds what a run has left. It is an error if that fits no run, or was added before.
func (v *Division) Add(run string, l *Left) error {
	u := v.units[run]
	if u == nil {
		return fmt.Errorf("run %s of an exploration is not expected", run)
	}
	delete(v.units, run)
	v.running--
	for i, p := range l.Parts {
		kid := &unit{name: fmt.Sprintf("%s.%d", run, i), part: p}
		if l.Rest != nil {
			kid.parent = u
		}
		v.issue(kid)
	}
	switch {
	case l.Reply != nil && u.parent != nil:
		u.parent.note(fmt.Sprint(u.part.root()), l.Reply)
		v.wake(u.parent)
	case l.Rest != nil:
		u.part, u.asleep = *l.Rest, true
		if !l.Waits {
			u.part.fill(u.kids)
			v.issue(u)
		} else {
			v.wake(u)
		}
	}
	return nil
}

func (u *unit) note(at string, r *Reply) {
	if u.kids == nil {
		u.kids = map[string]*Reply{}
	}
	u.kids[at] = r
}

// wake issues a unit that waits, if it has all replies that it waits for.
func (v *Division) wake(u *unit) {
	if !u.asleep {
		return
	}
	u.part.fill(u.kids)
	if last := u.part.Levels[len(u.part.Levels)-1]; !slices.Contains(last, offloaded) {
		v.issue(u)
	}
}

// root is the position of the node of a part.
func (p *Part) root() (at []int) {
	for _, l := range p.Levels[:p.Root] {
		at = append(at, slices.Index(l, open))
	}
	return at
}

// At is where a part begins. Parts of an exploration are in this order: what one worker
// finds first is in the first.
func (p *Part) At() (at []int) {
	if p.From != nil {
		return p.From
	}
	for _, l := range p.Levels {
		if i := slices.Index(l, open); i >= 0 {
			at = append(at, i)
		} else {
			at = append(at, len(l))
		}
	}
	return at
}

// fill notes the replies of parts that were offloaded, by position.
func (p *Part) fill(kids map[string]*Reply) {
	var at []int
	for _, l := range p.Levels {
		for number, c := range l {
			if c != offloaded {
				continue
			}
			if r := kids[fmt.Sprint(append(slices.Clone(at), number))]; r != nil {
				l[number] = child(r.Outcome)
				for i := range min(len(p.Pays), len(r.Pays)) {
					p.Pays[i] = p.Pays[i] || r.Pays[i]
				}
			}
		}
		at = append(at, slices.Index(l, open))
	}
}

// Before reports whether a part that begins before a position has not come to its end. (One
// that waits does so for a part before it.)
func (v *Division) Before(at []int) bool {
	for _, u := range v.units {
		if slices.Compare(u.part.At(), at) < 0 {
			return true
		}
	}
	return false
}

// Drop forgets the parts that come after a position, which were not begun.
func (v *Division) Drop(after []int) {
	v.ready = slices.DeleteFunc(v.ready, func(run string) bool {
		if slices.Compare(v.units[run].part.At(), after) <= 0 {
			return false
		}
		delete(v.units, run)
		v.running--
		return true
	})
}
