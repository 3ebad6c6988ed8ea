package render

import (
	"fmt"
	"strings"
)

// A caption says in words what a picture shows.
type caption struct {
	verdict string   // what the model says, and what goes wrong
	steps   []string // the edges to blame, one a line
	final   string
	note    string // what is left out
}

func (s *scene) caption() caption {
	var c caption
	final := make([]string, len(s.x.Final))
	for i, f := range s.x.Final {
		final[i] = clean(f)
	}
	state := strings.Join(final, "; ")
	check := clean(s.x.Violated)
	switch {
	case check == "":
		c.verdict = s.allowed()
	case len(s.cycle) == 0:
		c.verdict = fmt.Sprintf("The model forbids this execution: its check %q fails.", check)
	case s.closed():
		c.verdict = fmt.Sprintf("The model forbids this execution: its check %q fails, because of this cycle:", check)
	default:
		c.verdict = fmt.Sprintf("The model forbids this execution: its check %q fails, because of these edges:", check)
	}
	switch {
	case state == "":
	case check == "":
		c.final = "Final state: " + state
	default:
		c.final = "Final state, were it allowed: " + state
	}
	c.steps, c.note = s.steps(), clean(s.x.Note)
	return c
}

// allowed says why no check forbids the execution, and how the program fails in it.
func (s *scene) allowed() string {
	words := "The model allows this execution"
	if f := s.x.Failure; f != nil {
		words += ", in which this goes wrong: " + clean(f.Text)
		if f.Pos.Line > 0 {
			words += " (" + s.where(f.Pos) + ")"
		}
	}
	switch {
	case s.orders:
		return words + ". No interleaving has this execution, because of the cycle below. The model allows the cycle: a model need not keep all of this order."
	case len(s.cycle) > 0:
		return words + ". It flags these accesses:"
	case len(s.x.Events) > maxSearched:
		return words + "."
	}
	return words + ". It is an interleaving: the events run one after the other in some order, which no model of memory forbids."
}

// closed reports whether the edges of the cycle are one: a check for emptiness
// fails for edges that need not be.
func (s *scene) closed() bool {
	for i, e := range s.cycle {
		if e.to != s.cycle[(i+1)%len(s.cycle)].from {
			return false
		}
	}
	return true
}

// steps follows the cycle: an event, then for each edge its label and the event
// it leads to. Where an edge does not start at the end of the one before, the
// event it starts from gets a line of its own.
func (s *scene) steps() []string {
	var lines []string
	wide := 0
	for _, e := range s.cycle {
		wide = max(wide, width(e.label)+3)
	}
	at := -1
	for _, e := range s.cycle {
		if e.from != at {
			lines = append(lines, strings.Repeat(" ", wide+1)+s.place(e.from))
		}
		lines = append(lines, pad("-"+e.label+"->", wide)+" "+s.place(e.to))
		at = e.to
	}
	return lines
}

// place names a node for people who have no picture: "P0: a: WRITE_ONCE(x, 1)".
func (s *scene) place(i int) string {
	n := s.nodes[i]
	if n.thread < 0 {
		return "initially: " + n.text
	}
	words := n.text
	if words == "" {
		words = n.what
	}
	where := fmt.Sprintf("P%d: %s: %s", n.thread, n.name, words)
	if n.where != "" {
		where += "  (" + n.where + ")"
	}
	return where
}

// title names the execution.
func (s *scene) title() string {
	if name := clean(s.x.Name); name != "" {
		return name
	}
	return "execution"
}
