package gotest

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A piece is the output of a process while it ran one test.
type piece struct {
	n     int // the test's number in the package
	test  string
	began time.Time
	text  []byte
	ended bool // the test has ended; otherwise the process has ended in it
}

// The marks that a process prints between its tests, see package hook.
const (
	markBegin = "\x1ecrosscall"
	markEnd   = "\x1e\n"
)

// split divides the output of a process into the part before its first test, the
// tests, and the part after them.
func split(out []byte) (head []byte, list []piece, tail []byte) {
	rest := &head
	for {
		before, after, found := bytes.Cut(out, []byte(markBegin))
		*rest = append(*rest, before...)
		if !found {
			return head, list, tail
		}
		var fields []byte
		fields, out, _ = bytes.Cut(after, []byte(markEnd))
		switch f := strings.Split(string(fields), "\x1f"); {
		case len(f) == 4:
			n, _ := strconv.Atoi(f[1])
			at, _ := strconv.ParseInt(f[3], 10, 64)
			list = append(list, piece{n: n, test: f[2], began: time.Unix(0, at), text: tail})
			tail = nil
			rest = &list[len(list)-1].text
		case len(list) > 0:
			list[len(list)-1].ended = true
			rest = &tail
		}
	}
}

var (
	traceHead = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^goroutine \d+ `) })
	traceLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^(\S*?[^/.\s]*)\.\S*\(`) })
)

// programTraces removes goroutines without functions of the program from the text that the runtime
// prints at a process's end: those of the explorer, those of the runtime, and the one that waits for
// the test. The first goroutine is the one that ends the process, whatever it is.
func programTraces(text []byte, standard map[string]bool) []byte {
	var kept [][]byte
	first := true
	for part := range bytes.SplitSeq(text, []byte("\n\n")) {
		isOfProgram := func(m [][]byte) bool { return !standard[string(m[1])] && string(m[1]) != "main" }
		if !traceHead().Match(part) || first || slices.ContainsFunc(traceLine().FindAllSubmatch(part, -1), isOfProgram) {
			kept = append(kept, part)
			first = first && !traceHead().Match(part)
		}
	}
	return bytes.Join(kept, []byte("\n\n"))
}

// inOrder puts the pieces in the order of the tests.
func inOrder(list []piece) []piece {
	slices.SortFunc(list, func(a, b piece) int { return a.n - b.n })
	return list
}
