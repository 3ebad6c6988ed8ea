package ir

import "strings"

// VariableAt names the variable that begins at a cell: the largest variable, or part of
// one, whose first cell it is. A pointer to "node.next" is one to "node" if next comes
// first in it.
func (p *Program) VariableAt(cell int) string {
	name := p.Cells[cell].Name
	before := ""
	for c := cell - 1; c >= 0 && before == ""; c-- {
		before = p.Cells[c].Name
	}
	for i := 1; i < len(name); i++ {
		if at := name[i]; (at == '.' || at == '[') && !isPart(before, name[:i]) {
			return name[:i]
		}
	}
	return name
}

// isPart reports whether a cell is of a variable, or of a part of one.
func isPart(cell, of string) bool {
	rest, ok := strings.CutPrefix(cell, of)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}
