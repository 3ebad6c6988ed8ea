package minimize

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// A test in assembly is a table: a column for each thread, between bars, and rows that end
// with semicolons.

// A cell is the bytes from, to of a table, without the blanks around.
type cell struct{ from, to int }

// asmEdits lists the edits of a test in assembly, whose initial state starts at an offset.
func asmEdits(src string, start int, pairs bool) []edit {
	if pairs {
		return nil
	}
	w, rows := asmTree(src, start)
	for k := range rows[0] {
		w.add(w.dropColumn(rows, k))
	}
	for i, row := range rows[1:] {
		if whole := w.dropRow(rows, i+1); len(row) > 0 {
			w.add(whole)
		}
		for _, c := range row {
			w.add(edit{{from: c.from, to: c.to}})
		}
	}
	return w.edits
}

// asmTree reads a test in assembly. The enumerator has the tokens of the initial state and
// of what comes after the table, and the edits of both.
func asmTree(src string, start int) (w *enumerator, rows [][]cell) {
	x := scanner{src: src, at: start, state: true}
	p := &treeParser{src: src}
	w = &enumerator{treeParser: p}
	for t, ok := x.next(); ok; t, ok = x.next() {
		p.tokens = append(p.tokens, t)
		if t.text == "}" {
			break
		}
	}
	initial := len(p.tokens)
	at := x.at
	for {
		end := strings.IndexByte(src[at:], ';')
		if end < 0 || startsFinal(src[at:]) {
			break
		}
		rows = append(rows, cells(src, at, at+end))
		at += end + 1
	}
	if rows == nil {
		rows = [][]cell{nil}
	}
	x.at = at
	for t, ok := x.next(); ok; t, ok = x.next() {
		p.tokens = append(p.tokens, t)
	}
	w.initialState()
	p.at = initial
	w.final()
	return w, rows
}

// startsFinal reports whether a text begins with what comes after the table.
func startsFinal(src string) bool {
	x := scanner{src: src, state: true}
	t, _ := x.next()
	return isFinal(t.text)
}

// cells are those of a row, the bytes from, to.
func cells(src string, from, to int) (list []cell) {
	for _, text := range strings.SplitAfter(src[from:to], "|") {
		inner := strings.TrimSuffix(text, "|")
		left := len(inner) - len(strings.TrimLeft(inner, " \t\r\n"))
		c := cell{from + left, from + left + len(strings.TrimSpace(inner))}
		list, from = append(list, c), from+len(text)
	}
	return list
}

// dropRow is the edit that drops a row in which nothing is left; nil for another.
func (w *enumerator) dropRow(rows [][]cell, i int) edit {
	for _, c := range rows[i] {
		if c.from < c.to {
			return nil
		}
	}
	before := rows[i-1][len(rows[i-1])-1].to
	end := rows[i][len(rows[i])-1].to
	from := before + strings.IndexByte(w.src[before:], ';') + 1
	return edit{{from: from, to: end + strings.IndexByte(w.src[end:], ';') + 1}}
}

// dropColumn is the edit that drops thread k; nil if the condition speaks of it, or if it is
// the only one.
func (w *enumerator) dropColumn(rows [][]cell, k int) (e edit) {
	if len(rows[0]) < 2 {
		return nil
	}
	for i, t := range w.tokens {
		if t.kind != number || !w.isAt(i+1, ":") {
			continue
		}
		of, err := strconv.Atoi(t.text)
		item := w.initialItem(i)
		switch {
		case err == nil && of == k && item == nil:
			return nil
		case err == nil && of == k:
			e = append(e, item...)
		case err == nil && of > k:
			e = append(e, cut{t.from, t.to, strconv.Itoa(of - 1)})
		}
	}
	for i, row := range rows {
		if k >= len(row) {
			return nil
		}
		c := cut{from: row[k].from, to: row[k].to}
		if k+1 < len(row) {
			c.to = c.from + strings.IndexByte(w.src[c.from:], '|') + 1
		} else {
			c.from = strings.LastIndexByte(w.src[:c.from], '|')
		}
		e = append(e, c)
		for n := k + 1; i == 0 && n < len(row); n++ {
			e = append(e, cut{row[n].from, row[n].to, threadName(n - 1)})
		}
	}
	return e
}

// aligned is a test in assembly with the columns of its table below each other.
func aligned(t text, start int) text {
	_, rows := asmTree(t.src, start)
	var widths []int
	for _, row := range rows {
		for k, c := range row {
			if k == len(widths) {
				widths = append(widths, 0)
			}
			widths[k] = max(widths[k], utf8.RuneCountInString(t.src[c.from:c.to]))
		}
	}
	var e edit
	for _, row := range rows {
		for k, c := range row {
			lead := strings.TrimRight(t.src[:c.from], " \t")
			margin := " "
			from := len(lead)
			if from > 0 && lead[from-1] != '|' && lead[from-1] != '\n' {
				margin, from = t.src[from:c.from], c.from // a row that begins in the middle of a line
			}
			end := c.to + len(t.src[c.to:]) - len(strings.TrimLeft(t.src[c.to:], " \t"))
			fill := strings.Repeat(" ", widths[k]-utf8.RuneCountInString(t.src[c.from:c.to])+1)
			if from < c.from || margin == " " {
				e = append(e, cut{from, c.from, " "})
			}
			e = append(e, cut{c.to, end, fill})
		}
	}
	return t.apply(e)
}
