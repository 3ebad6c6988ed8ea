package gocheck

import (
	"fmt"
	"slices"
	"strings"
)

// Cover notes that this execution has reached the place or the state of that name. Some
// execution has to reach each of Options.Covers. A name that is not among them fails
// the execution. Cover is no step, and may be called anywhere in the body.
func (t *T) Cover(name string) {
	if t.x.Unwinding() {
		return
	}
	if t.covers != nil && !t.covers.reach(name) {
		t.Fatalf("Cover(%q): Options.Covers has no such name", name)
	}
}

// covers has the names that the executions of an exploration have to reach.
type covers struct {
	names   []string
	reached []bool
}

func newCovers(names []string) *covers {
	return &covers{names, make([]bool, len(names))}
}

// reach notes that a name was reached. It returns false if there is no such name.
func (c *covers) reach(name string) bool {
	i := slices.Index(c.names, name)
	if i < 0 {
		return false
	}
	c.reached[i] = true
	return true
}

// missed are the names that no execution has reached.
func (c *covers) missed() (list []string) {
	for i, name := range c.names {
		if !c.reached[i] {
			list = append(list, name)
		}
	}
	return list
}

// missedText is a sentence about names that no execution has reached.
func missedText(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = fmt.Sprintf("%q", name)
	}
	return "no execution reaches Cover(" + strings.Join(quoted, "), Cover(") + ")"
}
