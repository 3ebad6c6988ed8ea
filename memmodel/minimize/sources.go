package minimize

import (
	"slices"
	"strconv"

	"crosscall/memmodel/check"
	"crosscall/memmodel/internal/asm"
	"crosscall/memmodel/internal/litmus"
)

// cEdits lists the edits of a C program, or with pairs those that drop two statements.
func cEdits(src string, pairs bool) []edit {
	w := cTree(src)
	if pairs {
		w.edits = nil
		w.pairs()
	}
	return w.edits
}

// cTree reads a C program and adds the edits of all its parts.
func cTree(src string) *enumerator {
	p := &treeParser{src: src}
	x := scanner{src: src}
	for t, ok := x.next(); ok; t, ok = x.next() {
		p.tokens = append(p.tokens, t)
	}
	list := p.list()
	for p.more() { // a "}" too many
		p.at++
		list = append(list, p.list()...)
	}
	w := &enumerator{treeParser: p}
	w.list(list)
	for _, f := range w.functions {
		if k, ok := threadNumber(f.name); ok {
			w.add(w.renumber(w.drop(f), k))
		}
	}
	w.mentions(list)
	return w
}

// litmusEdits lists the edits of a litmus test.
func litmusEdits(src string, start int, pairs bool) []edit {
	w, threads := litmusTree(src, start)
	if pairs {
		w.edits = nil
		w.pairs()
		return w.edits
	}
	w.mentions(threads)
	return w.edits
}

// litmusTree reads a litmus test, whose initial state starts where it is said, and adds
// the edits of all its parts.
func litmusTree(src string, start int) (w *enumerator, threads []*node) {
	p := &treeParser{src: src, tokens: litmusTokens(src, start)}
	w = &enumerator{treeParser: p}
	w.initialState()
	for p.more() && !isFinal(p.tokens[p.at].text) {
		n := &node{first: p.at}
		p.depth = 1
		p.toSemicolon(n)
		p.depth = 0
		if p.at == n.first {
			p.at++
		}
		n.last = p.at
		threads = append(threads, n)
	}
	for _, n := range threads {
		w.thread(n)
	}
	w.final()
	return w, threads
}

// litmusTokens are the tokens of a litmus test from its initial state on.
func litmusTokens(src string, start int) (list []token) {
	x := scanner{src: src, at: start, state: true}
	depth, threads := 0, false
	for t, ok := x.next(); ok; t, ok = x.next() {
		switch t.text {
		case "{":
			depth++
			x.state = !threads || depth == 0
		case "}":
			depth--
			x.state = depth == 0
			threads = threads || depth == 0
		}
		threads = threads && !isFinal(t.text)
		list = append(list, t)
	}
	return list
}

func isFinal(text string) bool {
	return slices.Contains([]string{"exists", "forall", "final", "not", "~", "locations", "filter"}, text)
}

// initialState adds the edits of { ... }: its items, and their values.
func (w *enumerator) initialState() {
	if !w.is("{") {
		return
	}
	end := w.closing(w.at)
	for _, item := range w.between(w.at+1, end, ";") {
		if item[0] >= item[1] {
			continue
		}
		to := item[1]
		if w.isAt(to, ";") {
			to++
		}
		w.add(edit{removal(w.src, w.from(item[0]), w.to(to))})
		equals := w.findMark(item[0], item[1], "=")
		for i := max(equals, item[0]); equals >= 0 && i < item[1]; i++ {
			if w.tokens[i].kind == number {
				w.number(w.tokens[i])
			}
		}
	}
	w.at = end + 1
}

// thread adds the edits of a thread, and the one that drops it.
func (w *enumerator) thread(n *node) {
	w.functions = append(w.functions, n)
	k, ok := threadNumber(n.name)
	if !ok || len(n.lists) == 0 {
		return
	}
	w.add(w.dropThread(n, k))
	for i := range n.params {
		if name := w.parameter(n, i); name != "" && !w.mentioned(w.bodyOf(n), n.last, name) {
			w.add(edit{w.dropItem(n.params, i)})
		}
	}
	w.list(n.lists[0])
}

// dropThread is the edit that drops thread k; nil if the condition speaks of it.
func (w *enumerator) dropThread(n *node, k int) edit {
	e := w.renumber(w.drop(n), k)
	for i, t := range w.tokens {
		if t.kind != number || !w.isAt(i+1, ":") || w.within(n, i) {
			continue
		}
		switch of, ok := threadNumber("P" + t.text); {
		case ok && of == k && w.initialItem(i) == nil:
			return nil
		case ok && of == k:
			e = append(e, w.initialItem(i)...)
		case ok && of > k:
			e = append(e, cut{t.from, t.to, threadName(of - 1)[1:]})
		}
	}
	return e
}

func threadName(k int) string { return "P" + strconv.Itoa(k) }

// within reports whether a token is in a node.
func (w *enumerator) within(n *node, i int) bool { return n.first <= i && i < n.last }

// initialItem is the edit that drops the item of the initial state that a token is in; none
// if it is not there.
func (w *enumerator) initialItem(i int) edit {
	end := w.closing(0)
	if i > end {
		return nil
	}
	for _, item := range w.between(1, end, ";") {
		if item[0] <= i && i < item[1] {
			return edit{removal(w.src, w.from(item[0]), w.to(min(item[1]+1, end)))}
		}
	}
	return nil
}

// bodyOf is the token that opens the body of a thread.
func (w *enumerator) bodyOf(n *node) int {
	for i := n.first; i < n.last; i++ {
		if w.isAt(i, "{") {
			return i
		}
	}
	return n.last
}

// parameter is the name of a parameter: its last word.
func (w *enumerator) parameter(n *node, i int) string {
	last := w.tokens[n.params[i][1]-1]
	if last.kind != word {
		return ""
	}
	return last.text
}

// final adds the edits of what comes after the threads.
func (w *enumerator) final() {
	for w.more() {
		begin := w.at
		w.at++
		switch w.textAt(begin) {
		case "locations":
			w.brackets()
			w.add(edit{removal(w.src, w.from(begin), w.to(w.at))})
		case "filter":
			w.at = w.nextFinal()
			w.add(edit{removal(w.src, w.from(begin), w.to(w.at))})
		case "~", "not":
			w.at++
			w.condition(w.at, w.endOfCondition(), false)
			w.at = len(w.tokens)
		default:
			w.condition(w.at, w.endOfCondition(), true)
			w.at = len(w.tokens)
		}
	}
}

// nextFinal is the token that opens the next part: a quantifier, or a ~ or not before one.
func (w *enumerator) nextFinal() int {
	for i := w.at; i < len(w.tokens); i++ {
		switch w.tokens[i].text {
		case "exists", "forall", "final":
			if w.isAt(i-1, "~") || w.isAt(i-1, "not") {
				return i - 1
			}
			return i
		}
	}
	return len(w.tokens)
}

func (w *enumerator) endOfCondition() int {
	if n := len(w.tokens); n > 0 && w.isAt(n-1, ";") {
		return n - 1
	}
	return len(w.tokens)
}

// initialStateOf is where the initial state of a litmus test starts.
func initialStateOf(name, src string) (int, error) {
	if asm.Is([]byte(src)) {
		ast, err := asm.Parse(name, []byte(src))
		if err != nil {
			return 0, err
		}
		return ast.InitialState(), nil
	}
	ast, err := litmus.Parse(name, []byte(src))
	if err != nil {
		return 0, err
	}
	return ast.InitialState(), nil
}

// isC reports whether a source is a C program, by its name.
func isC(name string) bool { return check.IsC(name) }
