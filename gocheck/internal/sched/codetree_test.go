package sched

import (
	"testing"

	"pgregory.net/rapid"
)

// text is a list of branches with all below.
func (t *tree) text(list int32) (s string) {
	for w := list; w != nothing; w = t.nodes[w].next {
		b := t.nodes[w]
		s += string('a'+rune(b.thread)) + string('0'+rune(b.choice)) + "(" + t.text(b.child) + ")"
	}
	return s
}

// A tree that was written is read as it was, beside others; what was cut off is noticed.
func TestCodeTree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var grow func(into *tree, depth int) int32
		grow = func(into *tree, depth int) (list int32) {
			list = nothing
			for range rapid.IntRange(0, 3-depth).Draw(t, "branches") {
				w := into.new(&event{thread: rapid.Int32Range(0, 9).Draw(t, "thread"), choice: rapid.Int32Range(0, 3).Draw(t, "choice")})
				child := grow(into, depth+1)
				into.nodes[w].child, into.nodes[w].next = child, list
				list = w
			}
			return list
		}
		from, to := &tree{unused: nothing}, &tree{unused: nothing}
		list, other, over := grow(from, 0), grow(to, 0), grow(to, 0)
		c := &coder{}
		from.code(c, &list, 10)
		want, kept := from.text(list), to.text(other)
		r := reading(c.b)
		if to.code(r, &over, 10); r.bad || len(r.b) > 0 || to.text(over) != want || to.text(other) != kept {
			t.Fatalf("%s is read as %s, beside %s, which was %s", want, to.text(over), to.text(other), kept)
		}
		r = reading(c.b[:len(c.b)-1])
		if to.code(r, &over, 10); !r.bad {
			t.Fatal("the end is missing, and nothing is noticed")
		}
	})
}
