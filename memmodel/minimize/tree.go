package minimize

import (
	"slices"
	"strings"
)

// A node is a part of the source that can be dropped: a statement, a declaration, a
// function, a directive.
type node struct {
	kind        nodeKind
	first, last int       // its tokens, the last exclusive
	name        string    // of a function or a thread
	lists       [][]*node // what it has within: statements of blocks, members of structs
	alone       string    // of the whole body of an if or a loop: what dropping it leaves
	instead     []edit    // what may stand in its place
	heads       [][2]int  // tokens of expressions in it that are in no node below
	params      [][2]int  // of a function, by tokens
}

type nodeKind uint8

const (
	simpleNode    nodeKind = iota // up to a semicolon
	compoundNode                  // a block, an if, a loop
	functionNode                  // with a body
	directiveNode                 // a line, or all from #if to #endif
	labelNode                     // a label, without what it stands before
)

// A treeParser finds the nodes of C, by its tokens alone: macros may stand for anything.
// If it takes one node for another, the checker refuses the edit.
type treeParser struct {
	src    string
	tokens []token
	at     int
	depth  int
	macros [][2]int // tokens of the heads of macros that govern a statement
}

// maxDepth bounds statements within one another; a deeper statement is one node.
const maxDepth = 200

func (p *treeParser) is(text string) bool { return p.isAt(p.at, text) }

func (p *treeParser) isAt(i int, text string) bool {
	return i >= 0 && i < len(p.tokens) && p.tokens[i].text == text && p.tokens[i].kind != literal
}

func (p *treeParser) more() bool { return p.at < len(p.tokens) }

// from is where token i begins, and the end of the last where there is none.
func (p *treeParser) from(i int) int {
	if i < len(p.tokens) {
		return p.tokens[i].from
	}
	return p.to(len(p.tokens))
}

// to is where the token before i ends.
func (p *treeParser) to(i int) int {
	if i == 0 {
		return 0
	}
	return p.tokens[i-1].to
}

// span is the text of the tokens from, to.
func (p *treeParser) span(first, last int) string {
	if first >= last {
		return ""
	}
	return p.src[p.from(first):p.to(last)]
}

// list reads nodes up to a "}", or what ends a branch of #if, or the end.
func (p *treeParser) list() (list []*node) {
	for p.more() && !p.is("}") && !p.endsBranch() {
		list = append(list, p.node())
	}
	return list
}

// endsBranch reports whether this is #else, #elif or #endif.
func (p *treeParser) endsBranch() bool {
	w := p.directive()
	return strings.HasPrefix(w, "el") || w == "endif"
}

// directive is the word of the directive that is here, and "" if none is.
func (p *treeParser) directive() string {
	if !p.more() || p.tokens[p.at].kind != directive {
		return ""
	}
	text := strings.TrimLeft(p.tokens[p.at].text[1:], " \t")
	end := 0
	for end < len(text) && isLetter(text[end]) {
		end++
	}
	return text[:end]
}

func (p *treeParser) node() *node {
	n := &node{first: p.at}
	p.depth++
	defer func() { p.depth-- }()
	switch {
	case p.depth > maxDepth:
		p.toSemicolon(n)
	case strings.HasPrefix(p.directive(), "if"):
		p.conditional(n)
	case p.directive() != "":
		n.kind = directiveNode
		p.at++
	case p.is("{"):
		n.kind = compoundNode
		n.lists = append(n.lists, p.block())
		n.instead = append(n.instead, p.unbraced(n))
	case p.is("if"):
		p.ifNode(n)
	case p.is("while"), p.is("for"), p.is("switch"):
		p.loop(n)
	case p.is("do"):
		p.doNode(n)
	case p.label():
		n.kind = labelNode
	default:
		p.toSemicolon(n)
	}
	if p.at == n.first {
		p.at++ // what opens nothing, as a ")" too many
	}
	n.last = p.at
	return n
}

// unbraced is the edit that leaves of a block what is within its braces.
func (p *treeParser) unbraced(n *node) edit {
	if !p.isAt(p.at-1, "}") || p.at-1 == n.first {
		return nil
	}
	e := outdent(p.src, p.from(n.first), p.from(n.first+1), p.from(p.at-1))
	return append(e, removal(p.src, p.from(n.first), p.to(n.first+1)), removal(p.src, p.from(p.at-1), p.to(p.at)))
}

// block reads { ... }.
func (p *treeParser) block() []*node {
	p.at++
	list := p.list()
	for p.endsBranch() { // an #if opened around the block
		p.at++
		list = append(list, p.list()...)
	}
	if p.is("}") {
		p.at++
	}
	return list
}

// conditional reads from #if to #endif. In place of it there may be one of its branches.
func (p *treeParser) conditional(n *node) {
	n.kind = directiveNode
	for p.more() {
		p.at++
		begin := p.at
		n.lists = append(n.lists, p.list())
		if begin < p.at {
			n.instead = append(n.instead, edit{{from: p.from(n.first), words: p.span(begin, p.at)}})
		}
		if p.directive() == "endif" || !p.endsBranch() {
			break
		}
	}
	if p.directive() == "endif" {
		p.at++
	}
	for i := range n.instead {
		n.instead[i][0].to = p.to(p.at)
	}
}

// parens goes past ( ... ) and keeps what is within as an expression.
func (p *treeParser) parens(n *node) (first, last int) {
	if !p.is("(") {
		return p.at, p.at
	}
	first = p.at + 1
	p.brackets()
	last = max(first, p.at-1) // a "(" may be the last token
	n.heads = append(n.heads, [2]int{first, last})
	return first, last
}

// brackets goes past an opening bracket and what is up to the one that closes it.
func (p *treeParser) brackets() {
	for depth := 0; p.more(); {
		switch p.tokens[p.at].text {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			depth--
		}
		p.at++
		if depth <= 0 {
			return
		}
	}
}

// body reads what an if or a loop governs.
func (p *treeParser) body(n *node) *node {
	if !p.more() {
		return nil
	}
	b := p.node()
	b.alone = ";"
	if p.isAt(b.first, "{") {
		b.instead = nil // its braces stay, though one statement would not need them
	}
	n.lists = append(n.lists, []*node{b})
	return b
}

// keep is the edit that leaves only some tokens of n, with a semicolon if they are an expression.
func (p *treeParser) keep(n *node, first, last int, semicolon string) edit {
	if first >= last {
		return nil
	}
	return append(outdent(p.src, p.from(n.first), p.from(first), p.to(last)),
		cut{from: p.from(n.first), to: p.from(first)},
		cut{from: p.to(last), to: p.to(p.at), words: semicolon},
	)
}

func (p *treeParser) ifNode(n *node) {
	n.kind = compoundNode
	p.at++
	first, last := p.parens(n)
	yes := p.body(n)
	n.instead = append(n.instead, nil, nil)
	if yes != nil && p.is("else") {
		p.at++
		no := p.body(n)
		if no == nil {
			return
		}
		n.instead = append(n.instead,
			edit{removal(p.src, p.from(yes.last), p.to(p.at))},
			p.keep(n, no.first, no.last, ""))
	}
	if yes != nil {
		n.instead[0] = p.keep(n, yes.first, yes.last, "")
		n.instead = append(n.instead, p.both(n, first, last, yes))
	}
	n.instead[1] = p.keep(n, first, last, ";")
}

// both is the edit that leaves the condition of an if, and behind it what it governs.
func (p *treeParser) both(n *node, first, last int, yes *node) edit {
	if first >= last {
		return nil
	}
	return edit{
		{from: p.from(n.first), to: p.from(first)},
		{from: p.to(last), to: p.to(last + 1), words: ";"},
		{from: p.to(yes.last), to: p.to(p.at)},
	}
}

// loop reads while, for or switch.
func (p *treeParser) loop(n *node) {
	n.kind = compoundNode
	counts := p.is("for")
	p.at++
	first, last := p.parens(n)
	b := p.body(n)
	if b == nil {
		return
	}
	n.instead = append(n.instead, p.keep(n, b.first, b.last, ""))
	if !counts {
		n.instead = append(n.instead, p.keep(n, first, last, ";"))
		return
	}
	if end := p.findMark(first, last, ";"); end >= 0 {
		n.instead = append(n.instead, p.keep(n, first, end, ";"))
	}
}

// findMark finds a mark between tokens, outside of brackets; -1 if it is not there.
func (p *treeParser) findMark(first, last int, mark string) int {
	depth := 0
	for i := first; i < last; i++ {
		switch t := p.tokens[i].text; {
		case depth == 0 && p.isAt(i, mark):
			return i
		case slices.Contains([]string{"(", "[", "{"}, t):
			depth++
		case slices.Contains([]string{")", "]", "}"}, t):
			depth--
		}
	}
	return -1
}

func (p *treeParser) doNode(n *node) {
	n.kind = compoundNode
	p.at++
	b := p.body(n)
	var first, last int
	if p.is("while") {
		p.at++
		first, last = p.parens(n)
	}
	if p.is(";") {
		p.at++
	}
	if b != nil {
		n.instead = append(n.instead, p.keep(n, b.first, b.last, ""), p.keep(n, first, last, ";"))
	}
}

// label goes past "name:", "case e:" or "default:", if that is what is here.
func (p *treeParser) label() bool {
	switch {
	case p.is("case"):
		end := p.findMark(p.at, len(p.tokens), ":")
		if end < 0 {
			return false
		}
		p.at = end + 1
		return true
	case p.more() && p.tokens[p.at].kind == word && p.isAt(p.at+1, ":"):
		p.at += 2
		return true
	}
	return false
}

// toSemicolon reads a statement or declaration without keywords: up to its semicolon, or
// up to the end of the body of a function, or of what a macro such as
// list_for_each_entry(...) governs.
func (p *treeParser) toSemicolon(n *node) {
	begin := p.at
	for p.more() && !p.is("}") && p.tokens[p.at].kind != directive {
		switch {
		case p.is(";"):
			p.at++
			n.heads = append(n.heads, [2]int{begin, p.at})
			return
		case p.is("{") && p.isAt(p.at-1, ")") && p.at > begin:
			p.governed(n, begin)
			return
		case p.is("{") && p.declaresMembers(begin):
			n.lists = append(n.lists, p.block())
			begin = p.at // what comes after the members
		case p.is("("), p.is("["), p.is("{"):
			p.brackets()
			if p.macroHead(begin) {
				p.governed(n, begin)
				return
			}
		default:
			p.at++
		}
	}
	n.heads = append(n.heads, [2]int{begin, p.at})
}

// declaresMembers reports whether a "{" here opens the members of a struct or union.
func (p *treeParser) declaresMembers(begin int) bool {
	for i := p.at - 1; i >= max(begin, p.at-3); i-- {
		if p.isAt(i, "struct") || p.isAt(i, "union") {
			return true
		}
	}
	return false
}

// macroHead reports whether what has been read is a call, and a statement begins here: a
// macro that is the head of a loop.
func (p *treeParser) macroHead(begin int) bool {
	return p.isAt(begin+1, "(") && p.tokens[begin].kind == word && p.isAt(p.at-1, ")") &&
		p.findMark(begin+1, p.at, ")") < 0 && p.more() && p.tokens[p.at].kind == word
}

// governed reads the body of a function, or of a macro that is the head of a loop.
func (p *treeParser) governed(n *node, begin int) {
	open := p.at
	n.kind = compoundNode
	if !p.isAt(begin+1, "(") || strings.HasPrefix(p.tokens[begin].text, "P") && p.depth == 1 {
		n.kind = functionNode
		n.name, n.params = p.signature(begin, open)
		n.lists = append(n.lists, p.block())
		return
	}
	n.heads = append(n.heads, [2]int{begin, open})
	p.macros = append(p.macros, [2]int{begin, open})
	b := p.body(n)
	if b != nil {
		b.alone = "{ }" // and not a semicolon, with which it would look like a call
		n.instead = append(n.instead, p.keep(n, b.first, b.last, ""))
	}
}

// signature is the name of the function whose head is given, and its parameters.
func (p *treeParser) signature(first, last int) (name string, params [][2]int) {
	open := p.findMark(first, last, "(")
	if open <= first {
		return "", nil
	}
	saved := p.at
	p.at = open
	p.brackets()
	end := p.at - 1
	p.at = saved
	return p.tokens[open-1].text, p.between(open+1, end, ",")
}

// between cuts tokens into those between the marks that stand outside of brackets.
func (p *treeParser) between(first, last int, mark string) (parts [][2]int) {
	for first < last {
		end := p.findMark(first, last, mark)
		if end < 0 {
			end = last
		}
		parts = append(parts, [2]int{first, end})
		first = end + 1
	}
	return parts
}
