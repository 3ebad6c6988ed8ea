package sched

import (
	"fmt"
	"math/bits"
	"reflect"
)

// A Step is a line of a recorded execution.
type Step struct {
	Thread int
	Op     string // "Load"
	Object int    // index into Objects, or into Plains; -1 if none
	Writes bool
	Detail string // the operation with its result: "CompareAndSwap(0, 1) = true"
	Plain  bool   // no step: an access to a plain variable
	Remark bool   // no step: something that was said
	Failed bool   // a Remark that is the failure, or a part of it
	At     Place
	Caller Place // of the function at At, if that is within code that is explored

	lo, hi uintptr // the memory that it accesses
}

// A recorder keeps what people want to see of an execution. It is used when a
// failure is run once more: to find out where each operation is in the source
// takes longer than the operation.
type recorder struct {
	steps   []Step
	last    map[int32]int // the last step of each thread, for Note
	of      []int         // the step of each event
	raced   [2]int        // the two accesses of a race
	pending map[int32]pending
	starts  map[int32]Place // where each thread was started
	plains  map[plain]int   // the numbers of plain variables
	names   namer

	pointers map[uintptr]int
	alive    []any // so that no address is given out twice
}

// A plain variable is the memory that it has: a struct is another one than its
// first field.
type plain struct{ lo, hi uintptr }

// A pending operation is one that a thread is about to do, or waits in.
type pending struct{ at, caller Place }

func newRecorder() *recorder {
	r := &recorder{}
	r.reset()
	return r
}

func (r *recorder) reset() {
	*r = recorder{last: map[int32]int{}, pending: map[int32]pending{}, starts: map[int32]Place{},
		plains: map[plain]int{}, pointers: map[uintptr]int{}, names: newNamer()}
}

// where is the place of what t does. If its function is one of a drop-in, that is
// the place where it was started.
func (r *recorder) where(t *thread) (at, caller Place) {
	at, caller = places()
	if at.File == "" {
		at = r.starts[t.id]
	}
	return at, caller
}

func (r *recorder) start(t, parent *thread) {
	at, _ := r.where(parent)
	r.starts[t.id] = at
}

func (r *recorder) step(x *Explorer, t *thread) {
	e := &x.events[t.last]
	s := Step{Thread: int(t.id), Op: traits[e.code].name, Object: int(e.obj), Writes: e.kind != Read}
	if e.obj != noObj {
		o := &x.objs[e.obj]
		s.lo, s.hi = o.lo, o.hi
	}
	s.At, s.Caller = r.pending[t.id].at, r.pending[t.id].caller
	r.last[t.id] = len(r.steps)
	for len(r.of) <= int(t.last) {
		r.of = append(r.of, len(r.steps))
	}
	r.steps = append(r.steps, s)
}

// Recording says whether Note is of use.
func (x *Explorer) Recording() bool { return x.rec != nil && !x.solo && x.probing == nil }

// Note puts the calling thread's last step in full: with its arguments and its
// result.
func (x *Explorer) Note(format string, args ...any) {
	x.rec.steps[x.rec.last[x.cur.id]].Detail = fmt.Sprintf(format, args...)
}

// result is Note where there is something to note.
func (x *Explorer) result(format string, args ...any) {
	if x.Recording() {
		x.Note(format, args...)
	}
}

func (r *recorder) access(t *thread, lo, hi uintptr, write bool) {
	id, ok := r.plains[plain{lo, hi}]
	if !ok {
		id = len(r.plains)
		r.plains[plain{lo, hi}] = id
	}
	step := Step{Thread: int(t.id), Op: "Read", Object: id, Plain: true, Writes: write, lo: lo, hi: hi}
	if write {
		step.Op = "Write"
	}
	step.At, step.Caller = r.where(t)
	r.names.use(^int32(id), step.Op, step.At)
	r.steps = append(r.steps, step)
}

// eventAt tells where an event is.
func (x *Explorer) eventAt(i int32) string {
	if x.rec == nil {
		return ""
	}
	return " at " + x.rec.steps[x.rec.of[i]].At.String()
}

// marks has two events as those that a failure is about.
func (x *Explorer) marks(a, b int32) {
	if x.rec != nil {
		x.rec.raced = [2]int{x.rec.of[a], x.rec.of[b]}
	}
}

// race finds both accesses of a race. The last one is the last step; the other is
// the last of its kind in the other thread.
func (r *recorder) race(c racing) (here, there Step) {
	n := len(r.steps) - 1
	lo := c.at + uintptr(bits.TrailingZeros8(c.mask))
	r.raced = [2]int{0, n}
	for i, p := range r.steps[:n] {
		if !p.Remark && p.Plain != c.otherAtomic && p.Thread == int(c.other) && p.Writes == c.wrote && p.lo <= lo && lo < p.hi {
			there, r.raced[0] = p, i
		}
	}
	return r.steps[n], there
}

// failure is what goes wrong in t, which runs.
func (r *recorder) failure(t *thread, text string) {
	s := Step{Thread: int(t.id), Object: -1, Remark: true, Failed: true, Detail: text}
	s.At, s.Caller = r.where(t)
	r.steps = append(r.steps, s)
}

// stuck is that t waits forever.
func (r *recorder) stuck(t *thread, why string) {
	p := r.pending[t.id]
	r.steps = append(r.steps, Step{Thread: int(t.id), Object: -1, Remark: true, Failed: true, Detail: why + " forever", At: p.at, Caller: p.caller})
}

func (r *recorder) wait(t *thread) {
	var p pending
	p.at, p.caller = r.where(t)
	r.pending[t.id] = p
	if t.op.obj != noObj {
		r.names.use(t.op.obj, traits[t.op.code].name, p.at)
	}
}

func (r *recorder) pendingAt(t *thread) string {
	if p := r.pending[t.id]; p.at.File != "" {
		return " at " + p.at.String()
	}
	return ""
}

// An Object is a variable of a recorded execution.
type Object struct{ Name, Type string }

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
	f.Plains = make([]string, len(x.rec.plains))
	for i := range f.Plains {
		f.Plains[i] = x.plainName(i)
	}
	for _, t := range x.threads {
		if t.started {
			f.Threads = append(f.Threads, Started{x.threadName(t.id), x.rec.starts[t.id]})
		}
	}
}

// Started says where a thread of a recorded execution was started.
type Started struct {
	Name string
	At   Place
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
