package minimize

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// An enumerator lists what can be dropped from a source.
type enumerator struct {
	*treeParser
	edits     []edit
	functions []*node // those of the file, or the threads of a litmus test
}

func (w *enumerator) add(e edit) {
	if slices.ContainsFunc(e, func(c cut) bool { return c.to < c.from }) {
		return // of items of which one is empty, as in f(, x)
	}
	if e != nil && (e.gain() > 0 || len(e) == 1 && simplerNumber(w.src[e[0].from:e[0].to], e[0].words)) {
		w.edits = append(w.edits, e)
	}
}

// list adds the edits of nodes side by side: runs of them, the longest first, each by
// itself, and what is within.
func (w *enumerator) list(list []*node) {
	for size := len(list); size > 1; size /= 2 {
		for i := 0; i+size <= len(list); i += size {
			w.add(edit{removal(w.src, w.from(list[i].first), w.to(list[i+size-1].last))})
		}
		if rest := len(list) % size; rest > 1 {
			w.add(edit{removal(w.src, w.from(list[len(list)-rest].first), w.to(list[len(list)-1].last))})
		}
	}
	for _, n := range list {
		w.node(n)
	}
}

func (w *enumerator) node(n *node) {
	w.add(edit{w.drop(n)})
	for _, e := range n.instead {
		w.add(e)
	}
	if n.kind == functionNode {
		w.functions = append(w.functions, n)
		for i := range n.params {
			w.add(w.dropParameter(n, i))
		}
	}
	for _, l := range n.lists {
		w.list(l)
	}
	for _, h := range n.heads {
		w.statement(h[0], h[1])
	}
}

// drop is the cut that takes n away.
func (w *enumerator) drop(n *node) cut {
	if n.alone != "" {
		return cut{w.from(n.first), w.to(n.last), n.alone}
	}
	return removal(w.src, w.from(n.first), w.to(n.last))
}

// statement adds the edits within the tokens of a statement, a declaration or a condition.
func (w *enumerator) statement(first, last int) {
	if last > first && w.isAt(last-1, ";") {
		last--
	}
	if begin := w.declarators(first, last); begin > 0 {
		w.declaration(first, begin, last)
		return
	}
	if behind := w.behindAssignment(first, last); behind > 0 {
		w.add(edit{{from: w.from(first), to: w.from(behind)}})
	}
	w.sequence(first, last)
}

// behindAssignment is the token behind the mark of an assignment; 0 if this is none.
func (w *enumerator) behindAssignment(first, last int) int {
	for i, depth := first, 0; i < last-1; i++ {
		switch t := w.tokens[i]; {
		case slices.Contains([]string{"(", "[", "{"}, t.text):
			depth++
		case slices.Contains([]string{")", "]", "}"}, t.text):
			depth--
		case depth == 0 && i > first && slices.Contains(assignments, t.text):
			return i + 1
		}
	}
	return 0
}

var assignments = strings.Fields("= += -= *= /= %= &= |= ^= <<= >>=")

var typeWords = strings.Fields("int long short char unsigned signed void bool _Bool volatile const static extern struct union enum typedef")

// declarators is the token at which what is declared begins, if this is a declaration; 0
// if it is none.
func (w *enumerator) declarators(first, last int) int {
	name := -1 // the last word before what ends the first declarator
	for i := first; i < last && (w.tokens[i].kind == word || w.isAt(i, "*")); i++ {
		if w.tokens[i].kind == word {
			name = i
		}
	}
	if w.isAt(first-1, "}") && name == first {
		return name // of a struct whose members come before
	}
	if name <= first || name+1 < last && !slices.Contains([]string{"=", ",", "["}, w.tokens[name+1].text) {
		return 0
	}
	known := slices.Contains(typeWords, w.tokens[first].text)
	if !known && w.tokens[first+1].kind != word && name+1 < last && w.isAt(name+1, ",") {
		return 0 // a * b, c
	}
	for w.isAt(name-1, "*") {
		name--
	}
	if name == first {
		return 0
	}
	return name
}

// declaration adds the edits of one: each of several declarators, and initial values.
func (w *enumerator) declaration(first, begin, last int) {
	parts := w.between(begin, last, ",")
	for i, d := range parts {
		switch {
		case len(parts) > 1 && i == 0:
			w.add(edit{{from: w.from(d[0]), to: w.from(parts[1][0])}})
		case len(parts) > 1:
			w.add(edit{{from: w.to(parts[i-1][1]), to: w.to(d[1])}})
		}
		equals := w.findMark(d[0], d[1], "=")
		if equals < 0 {
			equals = d[1]
		}
		w.sequence(d[0]+1, equals) // how large an array is
		if equals+1 >= d[1] {
			continue
		}
		if len(parts) == 1 && !w.isAt(equals+1, "{") {
			w.add(edit{{from: w.from(first), to: w.from(equals + 1)}})
		}
		w.add(edit{{from: w.to(equals), to: w.to(d[1])}})
		w.sequence(equals+1, d[1])
	}
}

// asserting are the functions whose argument is the condition that fails. An edit may drop
// only a part of a conjunction, or, in a negated condition, a part of a disjunction: the rest
// then fails only where the whole fails.
var asserting = map[string]bool{
	"assert": true, "__VERIFIER_assert": true,
	"BUG_ON": false, "WARN_ON": false, "WARN_ON_ONCE": false,
}

// sequence adds the edits within expressions side by side.
func (w *enumerator) sequence(first, last int) {
	for _, semi := range w.between(first, last, ";") {
		for _, part := range w.between(semi[0], semi[1], ",") {
			w.operand(part[0], part[1])
		}
	}
}

// operand adds the edits of one expression.
func (w *enumerator) operand(first, last int) {
	if equals := w.findMark(first, last, "="); equals >= 0 {
		first = equals + 1
	}
	if weaker, ok := asserting[w.textAt(first)]; ok && w.isAt(first+1, "(") && first+2 < last-1 {
		w.condition(first+2, last-1, weaker)
		return
	}
	if terms := w.terms(first, last); len(terms) > 1 {
		for i, t := range terms {
			w.add(w.dropTerm(terms, i))
			w.operand(t[0], t[1])
		}
		return
	}
	for i := first; i < last; i++ {
		switch t := w.tokens[i]; {
		case t.kind == number:
			w.number(t)
		case t.text == "(" || t.text == "[" || t.text == "{":
			end := w.closing(i)
			if t.text == "{" {
				items := w.between(i+1, min(end, last), ",")
				for k := range items {
					w.add(edit{w.dropItem(items, k)})
				}
			}
			w.sequence(i+1, min(end, last))
			i = end
		}
	}
}

func (w *enumerator) textAt(i int) string {
	if i < 0 || i >= len(w.tokens) {
		return ""
	}
	return w.tokens[i].text
}

// closing is the token that closes the bracket at i.
func (w *enumerator) closing(i int) int {
	saved := w.at
	defer func() { w.at = saved }()
	w.at = i
	w.brackets()
	return w.at - 1
}

// levels are the operators of two operands, the loosest first.
var levels = [][]string{{"?", ":"}, {"||"}, {"&&"}, {"|"}, {"^"}, {"&"}, {"==", "!="}, {"<", ">", "<=", ">="}, {"<<", ">>"}, {"+", "-"}, {"*", "/", "%"}}

// terms are the operands of the loosest operators of an expression.
func (w *enumerator) terms(first, last int) [][2]int {
	for _, ops := range levels {
		terms := w.split(first, last, ops)
		if len(terms) > 1 {
			return terms
		}
	}
	return nil
}

func (w *enumerator) split(first, last int, ops []string) (terms [][2]int) {
	begin := first
	for i := first; i < last; i++ {
		switch t := w.tokens[i]; {
		case t.text == "(" || t.text == "[" || t.text == "{":
			i = w.closing(i)
		case t.kind == mark && slices.Contains(ops, t.text) && i > begin && w.endsOperand(i-1):
			terms = append(terms, [2]int{begin, i})
			begin = i + 1
		}
	}
	return append(terms, [2]int{begin, last})
}

// endsOperand reports whether an operand can end with a token: a - after it has two operands.
func (w *enumerator) endsOperand(i int) bool {
	t := w.tokens[i]
	return t.kind != mark && t.kind != directive || t.text == ")" || t.text == "]"
}

// dropTerm is the edit that drops one of several operands. It replaces c ? a : b by a or b.
func (w *enumerator) dropTerm(terms [][2]int, i int) edit {
	last := terms[len(terms)-1]
	if w.isAt(terms[0][1], "?") {
		if i == 0 || len(terms) != 3 {
			return nil
		}
		return edit{{from: w.from(terms[0][0]), to: w.from(terms[i][0])}, {from: w.to(terms[i][1]), to: w.to(last[1])}}
	}
	if i == 0 {
		return edit{{from: w.from(terms[0][0]), to: w.from(terms[1][0])}}
	}
	return edit{{from: w.to(terms[i-1][1]), to: w.to(terms[i][1])}}
}

// number adds simpler values in place of one.
func (w *enumerator) number(t token) {
	for _, simpler := range []string{"0", "1"} {
		w.add(edit{{t.from, t.to, simpler}})
	}
}

// simplerNumber reports whether b is a simpler number than a: 0 is simpler than 1, and 1
// than all others.
func simplerNumber(a, b string) bool {
	rank := func(s string) int {
		if n, err := strconv.ParseInt(s, 0, 64); err == nil && n < 2 {
			return int(n)
		}
		return 2
	}
	return a != "" && isDigit(a[0]) && rank(b) < rank(a)
}

// condition adds the edits of an asserted condition. With weaker, the whole condition must
// imply the rest, so that the rest fails only where the whole fails. Without it, the rest
// must imply the whole.
func (w *enumerator) condition(first, last int, weaker bool) {
	for i, ops := range [][]string{{"||", `\/`}, {"&&", `/\`}} {
		terms := w.split(first, last, ops)
		if len(terms) < 2 {
			continue
		}
		for k, t := range terms {
			if weaker == (i == 1) {
				w.add(w.dropTerm(terms, k))
			}
			w.condition(t[0], t[1], weaker)
		}
		return
	}
	switch {
	case first >= last:
	case w.isAt(first, "!") || w.isAt(first, "~") || w.isAt(first, "not"):
		w.condition(first+1, last, !weaker)
	case w.isAt(first, "(") && w.closing(first) == last-1:
		w.condition(first+1, last-1, weaker)
	}
}

// dropParameter is the edit that drops a parameter of a function of the file with the
// argument of each call; nil if the function is used in another way.
func (w *enumerator) dropParameter(f *node, i int) (e edit) {
	if w.span(f.params[i][0], f.params[i][1]) == "void" {
		return nil
	}
	for at, t := range w.tokens {
		if t.kind != word || t.text != f.name {
			continue
		}
		if !w.isAt(at+1, "(") {
			return nil
		}
		args := w.between(at+2, w.closing(at+1), ",")
		if len(args) != len(f.params) {
			return nil
		}
		e = append(e, w.dropItem(args, i))
	}
	return e
}

// dropItem is the cut that takes one of several items with a comma between.
func (w *enumerator) dropItem(items [][2]int, i int) cut {
	switch {
	case i > 0:
		return cut{from: w.to(items[i-1][1]), to: w.to(items[i][1])}
	case len(items) > 1:
		return cut{from: w.from(items[0][0]), to: w.from(items[1][0])}
	}
	return cut{from: w.from(items[0][0]), to: w.to(items[0][1])}
}

// mentions adds, for each name that is declared, the edit that drops all that mentions it:
// a lock with what takes it and gives it back, a thread with what starts and joins it.
func (w *enumerator) mentions(list []*node) {
	seen := map[string]bool{}
	for i, t := range w.tokens {
		if t.kind != word || seen[t.text] || slices.Contains(typeWords, t.text) || w.isAt(i+1, "(") && w.functionOf(t.text) == nil {
			continue
		}
		if _, thread := threadNumber(t.text); thread {
			continue // see renumber
		}
		seen[t.text] = true
		if e := w.mentioning(list, t.text, nil); len(e) > 1 {
			w.add(e)
		}
	}
}

func (w *enumerator) functionOf(name string) *node {
	for _, f := range w.functions {
		if f.name == name {
			return f
		}
	}
	return nil
}

func (w *enumerator) mentioning(list []*node, name string, e edit) edit {
	for _, n := range list {
		switch {
		case n.name == name, n.kind != functionNode && len(n.lists) == 0 && w.mentioned(n.first, n.last, name):
			e = append(e, w.drop(n))
		case slices.ContainsFunc(n.heads, func(h [2]int) bool { return w.mentioned(h[0], h[1], name) }):
			e = append(e, w.drop(n))
		default:
			for _, l := range n.lists {
				e = w.mentioning(l, name, e)
			}
		}
	}
	return e
}

func (w *enumerator) mentioned(first, last int, name string) bool {
	return slices.ContainsFunc(w.tokens[first:last], func(t token) bool { return t.kind == word && t.text == name })
}

// maxPairs is the largest number of statements in a function whose pairs are tried. The
// number of pairs grows with its square.
const maxPairs = 60

// pairs adds the edits that drop two statements of one function, such as what begins and
// what ends a section.
func (w *enumerator) pairs() {
	for _, f := range w.functions {
		all := flat(f.lists[0])
		if len(all) > maxPairs {
			continue
		}
		for i, a := range all {
			for _, b := range all[i+1:] {
				w.add(edit{w.drop(a), w.drop(b)})
			}
		}
	}
}

// flat are the nodes of a list and those within them.
func flat(list []*node) (all []*node) {
	for _, n := range list {
		all = append(all, n)
		for _, l := range n.lists {
			all = append(all, flat(l)...)
		}
	}
	return all
}

// renumber is the edit that drops thread k of the file, P0, P1 ..., and gives those behind
// it the numbers before theirs.
func (w *enumerator) renumber(drop cut, k int) (e edit) {
	e = edit{drop}
	for _, t := range w.tokens {
		if n, ok := threadNumber(t.text); ok && t.kind == word && n > k {
			e = append(e, cut{t.from, t.to, fmt.Sprintf("P%d", n-1)})
		}
	}
	return e
}

// threadNumber is n if a name is Pn.
func threadNumber(name string) (n int, ok bool) {
	digits, found := strings.CutPrefix(name, "P")
	if !found || digits == "" || len(digits) > 4 || digits != "0" && digits[0] == '0' {
		return 0, false
	}
	for _, c := range []byte(digits) {
		if !isDigit(c) {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, true
}
