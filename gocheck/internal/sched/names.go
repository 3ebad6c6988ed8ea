package sched

import (
	"fmt"
	"slices"
	"strings"
)

// A namer finds names for variables in the source: the expression before the dot
// of the calls in which they were used. It reads the source only when a name is
// needed.
type namer struct {
	uses  map[int32][]use // by object, plain variables negative; each once
	given map[int32]string
	users map[int]user // of plain variables
	known int          // the number of uses when given was made
	count int
}

// A use is an operation on a variable, and its place.
type use struct {
	op       string
	called   string // the function that was called there
	at       Place
	compiled bool // the compiler's report of an access
	several  bool // of a select, with more than one case
	nth      int  // the case, among those of its direction in the source
}

// A user is a thread that has used a variable.
type user struct {
	first  int32
	shared bool // others have used it too
}

func newNamer() namer { return namer{uses: map[int32][]use{}, users: map[int]user{}} }

// sharedBy notes that a thread uses a plain variable.
func (n *namer) sharedBy(plain int, t int32) {
	u, ok := n.users[plain]
	if !ok {
		n.users[plain] = user{first: t}
	} else if u.first != t && !u.shared {
		n.users[plain] = user{u.first, true}
		n.count++
	}
}

// private reports whether an object is a plain variable of one thread. Such a
// variable is often a copy that the source does not show.
func (n *namer) private(obj int32) bool { return obj < 0 && !n.users[int(^obj)].shared }

func (n *namer) use(obj int32, u use) {
	if slices.Contains(n.uses[obj], u) {
		return
	}
	n.uses[obj] = append(n.uses[obj], u)
	n.count++
}

// name is the name of an object, or empty if the source does not show it.
// Variables with the same name are numbered.
func (n *namer) name(obj int32) string {
	if n.known != n.count {
		n.giveNames()
		n.known = n.count
	}
	return n.given[obj]
}

func (n *namer) giveNames() {
	n.given = map[int32]string{}
	type key struct {
		name  string
		plain bool
	}
	same := map[key][]int32{}
	for obj := range n.uses {
		if name := n.agreed(obj); name != "" {
			k := key{name, obj < 0}
			n.given[obj] = name
			if !n.private(obj) {
				same[k] = append(same[k], obj)
			}
		}
	}
	for k, objs := range same {
		if len(objs) == 1 {
			continue
		}
		slices.SortFunc(objs, func(a, b int32) int { return int(max(a, ^a) - max(b, ^b)) })
		for i, obj := range objs {
			n.given[obj] = fmt.Sprintf("%s#%d", k.name, i+1)
		}
	}
}

// agreed is the name that all uses of an object agree on, or the common end of
// their names: a field's name, if one use is s.head and another q.head. If some
// uses name a field, the others name pointers to it, and do not count. If uses
// are of two variables, both are named. A place with several calls that fit does
// not count.
func (n *namer) agreed(obj int32) string {
	var fields, locals, perhaps []string
	for _, u := range n.uses[obj] {
		switch r := receiversAt(u); {
		case len(r) == 0:
		case len(r) > 1:
			if perhaps == nil {
				perhaps = r
			}
			perhaps = common(perhaps, r)
		case strings.Contains(r[0], "."):
			fields = append(fields, r[0])
		default:
			locals = append(locals, r[0])
		}
	}
	switch {
	case len(fields) > 0:
		return commonEndOf(fields)
	case len(locals) > 0:
		return aliases(locals)
	case len(perhaps) == 1 && obj < 0:
		return perhaps[0]
	}
	return ""
}

// aliases are the names of functions for one shared object, if they are few.
func aliases(names []string) string {
	var all []string
	for _, name := range names {
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	if len(all) > 2 {
		return ""
	}
	return strings.Join(all, "/")
}

// common is the elements that are in both a and b.
func common(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return !slices.Contains(b, s) })
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

// methods are the methods whose effect may be an operation.
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
