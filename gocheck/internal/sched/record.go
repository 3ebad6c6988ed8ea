package sched

import (
	"fmt"
	"math/bits"
	"path"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
)

// A Step is a line of a recorded execution.
type Step struct {
	Thread  int
	Op      string // "Load"
	Object  int    // index into Objects, or number of the plain variable; -1 if none
	Reads   bool
	Writes  bool
	Read    string // the value seen, where one was
	Written string
	Detail  string // the operation in full: "CompareAndSwap(0, 1) = true"
	Plain   bool   // no step: an access to a plain variable
	Remark  bool   // no step: something that was said
	File    string
	Line    int

	lo, hi uintptr // the memory that it accesses
}

// An Object is a variable of a recorded execution.
type Object struct{ Name, Type string }

// A recorder keeps what people want to see of an execution. It is used when a
// failure is run once more: to find out where each operation is in the source
// takes longer than the operation.
type recorder struct {
	steps   []Step
	last    map[int32]int // the last step of each thread, for Note
	of      []int         // the step of each event
	raced   [2]int        // the two accesses of a race
	pending map[int32]string

	plains map[uintptr]int // the numbers of plain variables

	pointers map[uintptr]int
	alive    []any // so that no address is given out twice
}

func newRecorder() *recorder {
	r := &recorder{}
	r.reset()
	return r
}

func (r *recorder) reset() {
	r.steps, r.of, r.last = nil, nil, map[int32]int{}
	r.raced = [2]int{}
	r.pending = map[int32]string{}
	r.plains = map[uintptr]int{}
	r.pointers, r.alive = map[uintptr]int{}, nil
}

// place is the innermost frame outside of this package and the drop-ins.
func place() (string, int) {
	var pcs [32]uintptr
	n := runtime.Callers(3, pcs[:])
	frames := runtime.CallersFrames(pcs[:n])
	for {
		f, more := frames.Next()
		if !isDropIn(f.Function) && !isWrapper(f.File) {
			return f.File, f.Line
		}
		if !more {
			return "", 0
		}
	}
}

// isWrapper reports whether a file is one of those in which a package puts the
// checker's names behind its own, in builds that explore: such a file is called
// gocheck.go.
func isWrapper(file string) bool { return path.Base(filepath.ToSlash(file)) == "gocheck.go" }

const room = "crosscall/gocheck"

func isDropIn(function string) bool {
	for _, p := range []string{room + "/internal/sched.", room + "/atomic.", room + "/sync.", room + ".", "iter.", "runtime."} {
		if strings.HasPrefix(function, p) {
			return true
		}
	}
	return false
}

func at(file string, line int) string {
	if file == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", file, line)
}

func (r *recorder) step(x *Explorer, t *thread) {
	e := &x.events[t.last]
	s := Step{Thread: int(t.id), Op: traits[e.code].name, Object: int(e.obj),
		Reads: e.code != Store, Writes: e.kind != Read}
	if e.obj == noObj {
		s.Reads = false
	} else {
		o := &x.objs[e.obj]
		s.lo, s.hi = o.lo, o.hi
	}
	s.File, s.Line = place()
	r.last[t.id] = len(r.steps)
	for len(r.of) <= int(t.last) {
		r.of = append(r.of, len(r.steps))
	}
	r.steps = append(r.steps, s)
}

// Recording says whether Note is of use.
func (x *Explorer) Recording() bool { return x.rec != nil && !x.solo && x.probing == nil }

// Note adds the values to the calling thread's last step.
func (x *Explorer) Note(read, written, detail string) {
	s := &x.rec.steps[x.rec.last[x.cur.id]]
	s.Read, s.Written, s.Detail = read, written, detail
}

func (r *recorder) access(t *thread, lo, hi uintptr, write bool) {
	file, line := place()
	id, ok := r.plains[lo]
	if !ok {
		id = len(r.plains)
		r.plains[lo] = id
	}
	step := Step{Thread: int(t.id), Op: "Read", Object: id, Plain: true, Reads: !write, Writes: write, File: file, Line: line, lo: lo, hi: hi}
	if write {
		step.Op = "Write"
	}
	r.steps = append(r.steps, step)
}

// eventAt tells where an event is.
func (x *Explorer) eventAt(i int32) string {
	if x.rec == nil {
		return ""
	}
	s := x.rec.steps[x.rec.of[i]]
	return " at " + at(s.File, s.Line)
}

// marks has two events as those that a failure is about.
func (x *Explorer) marks(a, b int32) {
	if x.rec != nil {
		x.rec.raced = [2]int{x.rec.of[a], x.rec.of[b]}
	}
}

// places tells where both accesses of a race are. The last one is the last
// step; the other is the last of its kind in the other thread.
func (r *recorder) places(c racing) string {
	n := len(r.steps) - 1
	here, there := r.steps[n], Step{}
	lo := c.at + uintptr(bits.TrailingZeros8(c.mask))
	r.raced = [2]int{0, n}
	for i, p := range r.steps[:n] {
		if !p.Remark && p.Plain != c.otherAtomic && p.Thread == int(c.other) && p.Writes == c.wrote && p.lo <= lo && lo < p.hi {
			there, r.raced[0] = p, i
		}
	}
	return fmt.Sprintf(":\n  G%d at %s\n  G%d at %s", here.Thread, at(here.File, here.Line), c.other, at(there.File, there.Line))
}

func (r *recorder) remark(t *thread, text string) {
	file, line := place()
	r.steps = append(r.steps, Step{Thread: int(t.id), Object: -1, Remark: true, Detail: text, File: file, Line: line})
}

func (r *recorder) wait(t *thread) { r.pending[t.id] = at(place()) }

func (r *recorder) pendingAt(t *thread) string {
	if p := r.pending[t.id]; p != "" {
		return " at " + p
	}
	return ""
}

// record completes f from what x has recorded.
func (f *Found) record(x *Explorer) {
	if x.rec == nil {
		return
	}
	f.Steps, f.Raced = x.rec.steps, x.rec.raced
	f.Objects = make([]Object, x.nobjs)
	for i := range f.Objects {
		f.Objects[i] = Object{x.objectName(int32(i)), x.objs[i].typ}
	}
	for _, t := range x.threads {
		f.Threads = append(f.Threads, x.threadName(t.id))
	}
}

// CodeName is the name of an operation.
func CodeName(c Code) string { return traits[c].name }

// Show is v for people. A pointer is shown by the order in which the execution
// has shown them, for addresses differ from run to run.
func Show(v any) string {
	p := reflect.ValueOf(v)
	if p.Kind() != reflect.Pointer {
		return fmt.Sprint(v)
	}
	if p.IsNil() {
		return "nil"
	}
	x := Active()
	if x == nil || x.rec == nil {
		return "&"
	}
	n, ok := x.rec.pointers[p.Pointer()]
	if !ok {
		n = len(x.rec.pointers) + 1
		x.rec.pointers[p.Pointer()] = n
		x.rec.alive = append(x.rec.alive, v)
	}
	return fmt.Sprintf("&%d", n)
}
