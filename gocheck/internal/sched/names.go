package sched

import (
	"fmt"
	"strings"
)

// A namer finds names for variables in the source: what stands before the dot of
// the calls in which they were used. It reads the source only when it is asked.
type namer struct {
	uses  map[int32]map[use]bool // by object; plain variables negative
	given map[int32]string
	known int // uses when given was made
	count int
}

// A use is an operation on a variable, and its place.
type use struct {
	op string
	at Place
}

func newNamer() namer { return namer{uses: map[int32]map[use]bool{}} }

func (n *namer) use(obj int32, op string, at Place) {
	u := use{op, at}
	if n.uses[obj][u] {
		return
	}
	if n.uses[obj] == nil {
		n.uses[obj] = map[use]bool{}
	}
	n.uses[obj][u] = true
	n.count++
}

// name is that of an object, or empty if the source does not tell. Variables of
// the same name get a number besides.
func (n *namer) name(obj int32) string {
	if n.known != n.count {
		n.giveNames()
		n.known = n.count
	}
	return n.given[obj]
}

func (n *namer) giveNames() {
	n.given = map[int32]string{}
	same := map[string][]int32{}
	for obj := range n.uses {
		if name := n.agreed(obj); name != "" {
			same[name] = append(same[name], obj)
			n.given[obj] = name
		}
	}
	for name, objs := range same {
		if len(objs) == 1 {
			continue
		}
		for _, obj := range objs {
			n.given[obj] = fmt.Sprintf("%s#%d", name, max(obj, ^obj))
		}
	}
}

// agreed is the name that all uses of an object agree on, or the end that all
// have in common: a field's name, where one use says s.head and another q.head.
// Where some name a field, the others name pointers to it, and do not count. A
// place with several calls that fit says nothing.
func (n *namer) agreed(obj int32) string {
	var fields, locals []string
	for u := range n.uses[obj] {
		if r := receivers(u); len(r) == 1 {
			if strings.Contains(r[0], ".") {
				fields = append(fields, r[0])
			} else {
				locals = append(locals, r[0])
			}
		}
	}
	if len(fields) > 0 {
		return commonEndOf(fields)
	}
	return commonEndOf(locals)
}

func commonEndOf(names []string) string {
	if len(names) == 0 {
		return ""
	}
	end := names[0]
	for _, name := range names[1:] {
		end = commonEnd(end, name)
	}
	return end
}

// commonEnd is the longest common end of two selectors that begins at a dot; if
// they are the same, all of it.
func commonEnd(a, b string) string {
	if a == b {
		return a
	}
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	k := 0
	for k < len(as) && k < len(bs) && as[len(as)-1-k] == bs[len(bs)-1-k] {
		k++
	}
	return strings.Join(as[len(as)-k:], ".")
}

// methods are the methods that an operation may be the effect of.
func methods(op string) []string {
	switch op {
	case "Read":
		return []string{"Get", "Read"}
	case "Write":
		return []string{"Set", "Write"}
	case "Add":
		return []string{"Add", "Go"}
	case "Done":
		return []string{"Done", "Add", "Go"}
	}
	if i := strings.IndexAny(op, " :,"); i >= 0 {
		op = op[:i]
	}
	return []string{op}
}
