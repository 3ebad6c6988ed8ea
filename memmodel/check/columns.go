package check

import (
	"bufio"
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	columnGap = 2
	minName   = 16 // columns that the name of a test has at least, if it needs them
)

// writeRows writes the rows in columns. Where they are wider than the terminal, names of
// tests are shortened, and if that is not enough, the models stand in several blocks
// below each other.
func (t *table) writeRows(b *bufio.Writer) {
	widths := t.widths()
	name, rest := widths[0], 0
	for _, w := range widths[1:] {
		rest += columnGap + w
	}
	if t.width > 0 && name+rest > t.width {
		widths[0] = min(name, max(minName, t.width-rest))
	}
	for i, block := range t.blocks(widths) {
		if i > 0 {
			fmt.Fprintln(b)
		}
		for _, row := range t.rows {
			line := pad(shorten(row[0], widths[0]), widths[0])
			for _, c := range block {
				line += strings.Repeat(" ", columnGap) + pad(row[c], widths[c])
			}
			fmt.Fprintln(b, strings.TrimRight(line, " "))
		}
	}
}

func (t *table) widths() []int {
	widths := make([]int, len(t.rows[0]))
	for _, row := range t.rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	return widths
}

// blocks divides the columns behind the name into blocks that fit the terminal, one column
// at least in each.
func (t *table) blocks(widths []int) (blocks [][]int) {
	used := t.width + 1
	for c := 1; c < len(widths); c++ {
		if used+columnGap+widths[c] > t.width && (t.width > 0 || c == 1) {
			blocks, used = append(blocks, nil), widths[0]
		}
		used += columnGap + widths[c]
		last := len(blocks) - 1
		blocks[last] = append(blocks[last], c)
	}
	return blocks
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
}

// shorten leaves out the middle of a name that is longer than width: names of tests differ
// at either end.
func shorten(s string, width int) string {
	runes := []rune(s)
	if len(runes) <= width {
		return s
	}
	front := (width - 1) / 2
	return string(runes[:front]) + "…" + string(runes[len(runes)-(width-1-front):])
}
