package minimize

import (
	"slices"
	"strconv"
)

// unset counts, by name, the local variables and registers that are used though nothing
// gave them a value. An edit must not add any: the checker lets them be 0, C does not. A use
// counts by its place in the source, which is no flow of control; it need only tell
// whether an edit took away the last assignment before a use.
func (w *enumerator) unset() map[string]int {
	names := map[string]int{}
	for _, f := range w.functions {
		if len(f.lists) == 0 {
			continue
		}
		for _, n := range flat(f.lists[0]) {
			if n.kind != simpleNode || len(n.heads) == 0 {
				continue
			}
			for _, d := range w.declared(n) {
				if w.findMark(d[0], d[1], "=") < 0 && w.readsFirst(w.nameIn(d), d[1], f.last) {
					names[w.nameIn(d)]++
				}
			}
		}
	}
	return names
}

// declared are the declarators of a declaration; none if n is none.
func (w *enumerator) declared(n *node) [][2]int {
	first, last := n.heads[0][0], n.heads[0][1]
	if last > first && w.isAt(last-1, ";") {
		last--
	}
	begin := w.declarators(first, last)
	if begin == 0 {
		return nil
	}
	return w.between(begin, last, ",")
}

// nameIn is the name that a declarator declares.
func (w *enumerator) nameIn(d [2]int) string {
	for i := d[0]; i < d[1]; i++ {
		if w.tokens[i].kind == word {
			return w.tokens[i].text
		}
	}
	return ""
}

// readsFirst reports whether the first use of a name between tokens neither assigns to it
// nor takes its address nor is of a member. A macro that governs a statement assigns, as
// list_for_each_entry does.
func (w *enumerator) readsFirst(name string, first, last int) bool {
	for i := first; i < last; i++ {
		if t := w.tokens[i]; t.kind != word || t.text != name {
			continue
		}
		inMacro := slices.ContainsFunc(w.macros, func(head [2]int) bool { return head[0] <= i && i < head[1] })
		return !inMacro && !w.isAt(i+1, "=") && !w.isAt(i+1, ".") && !w.isAt(i+1, "[") && !w.isAt(i-1, "&")
	}
	return false
}

// unsetRegisters adds to names what a litmus test uses and never sets: registers of its
// condition, and words of threads that are neither declared nor parameters (herd7 lets
// registers be undeclared, and so does the checker).
func (w *enumerator) unsetRegisters(names map[string]int) {
	for i, t := range w.tokens {
		if t.kind != number || !w.isAt(i+1, ":") || i+2 >= len(w.tokens) {
			continue
		}
		if k, err := strconv.Atoi(t.text); err == nil && k < len(w.functions) && !w.assigns(w.functions[k], w.tokens[i+2].text) {
			names[w.tokens[i+2].text]++
		}
	}
	for _, f := range w.functions {
		w.unknownNames(f, names)
	}
}

func (w *enumerator) assigns(f *node, name string) bool {
	for i := f.first; i < f.last; i++ {
		if t := w.tokens[i]; t.kind == word && t.text == name && (w.isAt(i+1, "=") || w.isAt(i-1, "&")) {
			return true
		}
	}
	return false
}

// unknownNames adds the names in a thread that nothing declares there.
func (w *enumerator) unknownNames(f *node, names map[string]int) {
	known := map[string]bool{}
	for i := range f.params {
		known[w.parameter(f, i)] = true
	}
	for i := w.bodyOf(f); i < f.last; i++ {
		t := w.tokens[i]
		if t.kind != word || w.isAt(i+1, "(") || known[t.text] {
			continue
		}
		known[t.text] = true
		if !w.declares(f, t.text) {
			names[t.text]++
		}
	}
}

func (w *enumerator) declares(f *node, name string) bool {
	for _, l := range f.lists {
		for _, n := range flat(l) {
			if n.kind != simpleNode || len(n.heads) == 0 {
				continue
			}
			for _, d := range w.declared(n) {
				if w.nameIn(d) == name {
					return true
				}
			}
		}
	}
	return false
}
