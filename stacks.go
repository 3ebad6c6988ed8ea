package crosscall

import (
	"bytes"
	"context"
	"fmt"
	"runtime/pprof"
	"slices"
	"strconv"
	"sync/atomic"
)

// labelKey is the profiler label (runtime/pprof) that each executor sets on
// itself. Its value is unique over all Systems of the process.
const labelKey = "crosscall.cpu"

var systems atomic.Uint64 // Systems made so far

// label is an executor's profiler label.
type label struct {
	value string
	ctx   context.Context // the argument of pprof.SetGoroutineLabels
}

func newLabel(system uint64, cpu int) label {
	value := fmt.Sprintf("system %d, CPU %d", system, cpu)
	return label{value, pprof.WithLabels(context.Background(), pprof.Labels(labelKey, value))}
}

// set labels the calling goroutine. A function may replace the labels, so the
// executor sets them again before it sleeps.
func (l *label) set() { pprof.SetGoroutineLabels(l.ctx) }

// executorStacks returns the stacks of the executors that it finds, by label
// value. It takes a goroutine profile, which stops the world twice for a moment
// and visits the goroutines while they run. A dump of all stacks
// (runtime.Stack) stops the world until the last stack is written.
//
// Claim: the stack of an executor whose function has replaced the labels is
// found too, if no other executor's is missing. Proof: an executor is in every
// profile as long as its System is open, so the only executor entry without a
// label can only be the only executor without an entry.
func (s *System) executorStacks() map[string][]byte {
	var p profileParser
	_ = pprof.Lookup("goroutine").WriteTo(&p, 1) // the parser returns no error
	found := make(map[string][]byte)
	for _, e := range p.deep() {
		found[e.label] = e.stack
	}
	for _, e := range p.executors {
		found[e.label] = e.stack
	}
	delete(found, "")
	if unlabelled := p.unlabelled(); len(unlabelled) == 1 && unlabelled[0].count == 1 {
		if missing := s.missing(found); len(missing) == 1 {
			found[missing[0]] = unlabelled[0].stack
		}
	}
	return found
}

// missing returns the labels of the executors that are not in found.
func (s *System) missing(found map[string][]byte) (labels []string) {
	for _, c := range s.cpus {
		if c != nil && found[c.label.value] == nil {
			labels = append(labels, c.label.value)
		}
	}
	return labels
}

// profileEntry is one stack of a goroutine profile.
type profileEntry struct {
	count    int // goroutines that have this stack and these labels
	label    string
	executor bool
	cut      bool // the outermost frames are missing
	stack    []byte
}

// cutAt is the number of frames that a profile keeps of a stack.
const cutAt = 128

// profileParser reads a goroutine profile in its text form (debug=1) as it is
// written, and keeps the entries of executors.
//
//	1 @ 0x47ec8e 0x40c1f2 0x49de21
//	# labels: {"crosscall.cpu":"system 1, CPU 0"}
//	#	0x49de20	crosscall.(*CPU).main+0x40	/src/crosscall/cpu.go:150
//
// An empty line ends an entry.
type profileParser struct {
	partial   []byte // line
	entry     profileEntry
	executors []profileEntry
	others    []profileEntry // cut ones with a label: an executor's, or those of goroutines that its functions started
}

// Write implements io.Writer.
func (p *profileParser) Write(b []byte) (int, error) {
	n := len(b)
	for {
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			p.partial = append(p.partial, b...)
			return n, nil
		}
		p.partial = append(p.partial, b[:i]...)
		p.line(p.partial)
		p.partial, b = p.partial[:0], b[i+1:]
	}
}

func (p *profileParser) line(line []byte) {
	switch {
	case len(line) == 0:
		p.keep()
	case bytes.HasPrefix(line, []byte("# labels: ")):
		p.entry.label = labelIn(line)
	case line[0] == '#':
		p.frame(line)
	default:
		count, _, _ := bytes.Cut(line, []byte(" "))
		n, _ := strconv.Atoi(string(count))
		p.entry = profileEntry{count: n, cut: bytes.Count(line, []byte(" 0x")) >= cutAt, stack: p.entry.stack[:0]}
	}
}

// keep keeps the entry that has been read if it may be an executor's.
func (p *profileParser) keep() {
	switch e := p.entry; {
	case e.executor:
		e.stack = slices.Clone(e.stack)
		p.executors = append(p.executors, e)
	case e.cut && e.label != "":
		e.stack = append(slices.Clone(e.stack), cutMark...)
		p.others = append(p.others, e)
	}
}

const cutMark = "\t(the profile leaves out the outermost frames)\n"

// deep returns the cut entries that have their label alone.
func (p *profileParser) deep() (entries []profileEntry) {
	count := make(map[string]int)
	for _, e := range p.others {
		count[e.label] += e.count
	}
	for _, e := range p.others {
		if count[e.label] == 1 {
			entries = append(entries, e)
		}
	}
	return entries
}

// labelIn finds the value of labelKey. Quotes within other keys and values are
// escaped, so the text that it searches for is nowhere else.
func labelIn(line []byte) string {
	_, value, _ := bytes.Cut(line, []byte(`"`+labelKey+`":"`))
	value, _, _ = bytes.Cut(value, []byte(`"`))
	return string(value)
}

// frame adds a frame in the form of a traceback without arguments.
func (p *profileParser) frame(line []byte) {
	cells := bytes.FieldsFunc(line, func(r rune) bool { return r == '\t' })
	if len(cells) < 4 {
		return // the name is not known
	}
	name := cells[2]
	if i := bytes.LastIndex(name, []byte("+0x")); i > 0 {
		name = name[:i]
	}
	p.entry.executor = p.entry.executor || isExecutor(name)
	p.entry.stack = fmt.Appendf(p.entry.stack, "%s\n\t%s\n", name, cells[3])
}

// isExecutor reports whether a function is on the stacks of executors only. The
// root of the stack is not enough: a profile leaves out the outermost frames of
// a deep stack.
func isExecutor(name []byte) bool {
	return string(name) == "crosscall.(*CPU).main" || isRunner(name)
}

func (p *profileParser) unlabelled() (entries []profileEntry) {
	for _, e := range p.executors {
		if e.label == "" {
			entries = append(entries, e)
		}
	}
	return entries
}

// runners are the functions that call the requested functions.
var runners = []string{
	"crosscall/internal/callqueue.(*Inbox[...]).invoke",
	"crosscall/internal/callqueue.(*Lane[...]).runRing",
	"crosscall.timed",
	"crosscall.traceRegion.func1",
	"crosscall.(*idler).once",
	"crosscall.(*Watch).call",
}

func isRunner(name []byte) bool { return slices.Contains(runners, string(name)) }

// runningIn finds, in an executor's stack, the function that a caller has sent:
// the innermost frame that one of runners has called. If that frame is cut off in
// the profile, it is the outermost frame that is known.
func runningIn(stack []byte) string {
	var callee []byte
	for line := range bytes.SplitSeq(stack, []byte("\n")) {
		if len(line) == 0 || line[0] == '\t' {
			continue
		}
		if isRunner(line) {
			return string(callee)
		}
		callee = line
	}
	if bytes.HasSuffix(stack, []byte(cutMark)) {
		return string(callee)
	}
	return ""
}
