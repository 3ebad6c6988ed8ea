package sched

import (
	"fmt"
	"math/bits"
	"reflect"
	"unsafe"
)

// A Step is a line of a recorded execution.
type Step struct {
	Thread int
	Op     string // "Load"
	Object int    // index into Objects, or into Plains; -1 if none
	Writes bool
	Detail string // the operation with its result: "CompareAndSwap(0, 1) = true"
	Plain  bool   // no step: an access to a plain variable
	Remark bool   // no step: a log message
	Failed bool   // a Remark that is the failure, or a part of it
	At     Place
	Caller Place  // of the function at At, if that is within code that is explored
	Via    string // the function that the program called there, by its full name
	Own    bool   // At is in the program; otherwise At is where the goroutine was started
	Comes  bool   // it only begins to wait

	Preempts bool // the goroutine of the step before could have gone on

	lo, hi uintptr // the memory that it accesses
}

// A recorder keeps the details of an execution for reports. It is used when a
// failure is run once more, because finding the place of an operation in the
// source takes longer than the operation.
type recorder struct {
	steps   []Step
	last    map[int32]int // the last step of each thread, for Note
	of      []int         // the step of each event
	raced   [2]int        // the two accesses of a race
	pending map[int32]pending
	starts  map[int32]Place // where each thread was started
	plains  map[plain]int   // the numbers of plain variables
	names   namer

	raceless bool // no plain accesses are recorded

	stdSteps map[stdKey]stdStep
	latest   stdKey

	pointers map[uintptr]int
	alive    []unsafe.Pointer // keeps objects alive, so that no address is reused
}

// A plain variable is identified by its memory: a struct differs from its first
// field.
type plain struct{ lo, hi uintptr }

// A pending operation is one that a thread is about to perform, or waits in.
type pending struct{ frame }

func newRecorder() *recorder {
	r := &recorder{}
	r.reset()
	return r
}

func (r *recorder) reset() {
	*r = recorder{raceless: r.raceless, last: map[int32]int{}, pending: map[int32]pending{}, starts: map[int32]Place{},
		plains: map[plain]int{}, pointers: map[uintptr]int{}, names: newNamer(), stdSteps: map[stdKey]stdStep{}}
}

// where is the place of t's operation. If t's function is one of a drop-in, it is
// the place where t was started.
func (r *recorder) where(t *thread) frame {
	f := places()
	if !f.own() {
		f.at = r.starts[t.id]
	}
	return f
}

func (r *recorder) start(t, parent *thread) { r.starts[t.id] = r.where(parent).at }

func (s *Step) put(f frame) { s.At, s.Caller, s.Via, s.Own = f.at, f.caller, f.via, f.own() }

func (r *recorder) step(x *Explorer, t *thread) {
	e := &x.exec.events[t.last]
	s := Step{Thread: int(t.id), Op: traits[e.code].name, Object: int(e.obj), Writes: e.kind != Read}
	if e.obj != noObj {
		o := x.objs.at(e.obj)
		s.lo, s.hi = o.lo, o.hi
	}
	s.put(r.pending[t.id].frame)
	s.Comes = e.code == chanArrive
	s.Preempts = x.stack.preemptedBefore(int(t.last))
	s.Detail = x.time.timeOf(e.code)
	r.last[t.id] = len(r.steps)
	for len(r.of) <= int(t.last) {
		r.of = append(r.of, len(r.steps))
	}
	r.steps = append(r.steps, s)
}

// Recording reports whether Note has an effect.
func (x *Explorer) Recording() bool { return x.rec != nil && !x.solo && x.probe.thread == nil }

// Note sets the full text of the calling thread's last step, with its arguments
// and its result.
func (x *Explorer) Note(format string, args ...any) {
	x.rec.steps[x.rec.last[x.cur.id]].Detail = fmt.Sprintf(format, args...)
}

// result is Note if the execution is recorded.
func (x *Explorer) result(format string, args ...any) {
	if x.Recording() {
		x.Note(format, args...)
	}
}

// recordsAccesses reports whether plain accesses are recorded, which a race needs. There are
// very many of them, and a search for the place of each.
func (x *Explorer) recordsAccesses() bool { return x.rec != nil && !x.rec.raceless }

func (r *recorder) access(t *thread, lo, hi uintptr, write bool) {
	id, ok := r.plains[plain{lo, hi}]
	if !ok {
		id = len(r.plains)
		r.plains[plain{lo, hi}] = id
	}
	f := r.where(t)
	step := plainStep(t, lo, hi, write, f)
	step.Object = id
	if f.direct() {
		r.names.sharedBy(id, t.id)
		r.names.use(^int32(id), use{op: step.Op, called: f.method(), at: f.at, compiled: !f.dropIn()})
	}
	r.steps = append(r.steps, step)
}

func plainStep(t *thread, lo, hi uintptr, write bool, f frame) Step {
	s := Step{Thread: int(t.id), Op: "Read", Plain: true, Writes: write, lo: lo, hi: hi}
	if write {
		s.Op = "Write"
	}
	s.put(f)
	return s
}

// marks notes two events as those of a failure.
func (x *Explorer) marks(a, b int32) {
	if x.rec != nil {
		x.rec.raced = [2]int{x.rec.of[a], x.rec.of[b]}
	}
}

// race finds both accesses of a race. One is the last step; the other is the last
// access of its kind in the other thread.
func (r *recorder) race(c racing) (here, there Step) {
	lo := c.at + uintptr(bits.TrailingZeros8(c.mask))
	if c.std {
		r.insert(len(r.steps), r.stdSteps[r.latest].step)
	}
	if c.otherStd {
		r.insertLibrary(c.other, lo, c.wrote)
	}
	n := len(r.steps) - 1
	r.raced = [2]int{0, n}
	for i, p := range r.steps[:n] {
		if !p.Remark && p.Plain != c.otherAtomic && p.Thread == int(c.other) && p.Writes == c.wrote && p.lo <= lo && lo < p.hi {
			there, r.raced[0] = p, i
		}
	}
	return r.steps[n], there
}

// failure adds a row for a failure in t, the running thread.
func (r *recorder) failure(t *thread, text string) {
	s := Step{Thread: int(t.id), Object: -1, Remark: true, Failed: true, Detail: text}
	s.put(r.where(t))
	r.steps = append(r.steps, s)
}

// stuck adds a row that says that t waits forever.
func (r *recorder) stuck(t *thread, why string) {
	p := r.pending[t.id]
	s := Step{Thread: int(t.id), Object: -1, Remark: true, Failed: true, Detail: why + " forever"}
	s.put(p.frame)
	r.steps = append(r.steps, s)
}

func (r *recorder) wait(x *Explorer, t *thread) {
	f := r.where(t)
	r.pending[t.id] = pending{f}
	switch {
	case t.op.obj == noObj || !f.direct() || !f.isOf(x.objs.at(t.op.obj).typ):
	case t.op.code == chanArrive || t.op.code == chanSelect || t.op.code == chanTry:
		r.useCases(x, t, f.at)
	default:
		r.names.use(t.op.obj, use{op: traits[t.op.code].name, called: f.method(), at: f.at})
	}
}

// useCases notes the channels that a select uses, and how: its sends come first,
// and then its receives, which the compiler puts in the opposite order.
func (r *recorder) useCases(x *Explorer, t *thread, at Place) {
	s := t.sel
	for i, c := range s.cases {
		if s.chans[i] < 0 {
			continue
		}
		u := use{op: "send", at: at, nth: i}
		if !c.Send {
			u.op, u.nth = "receive", len(s.cases)-1-i
		}
		u.several = len(s.cases) > 1
		r.names.use(x.chans.at(s.chans[i]).obj, u)
	}
}

func (r *recorder) pendingAt(t *thread) string {
	if p := r.pending[t.id]; p.at.File != "" {
		return " at " + p.at.String()
	}
	return ""
}

// An Object is a variable of a recorded execution.
type Object struct {
	Name, Type string
	Named      bool // by the program or its source
}

// record completes f with the record of x.
func (f *Found) record(x *Explorer) {
	if x.rec == nil {
		return
	}
	f.Steps, f.Raced = x.rec.steps, x.rec.raced
	if x.exec.depth > 0 {
		f.Preemptions = int(x.stack.nodes[x.exec.depth-1].preempts)
	}
	f.Objects = make([]Object, x.objs.n)
	for i := range f.Objects {
		name, named := x.texts.nameOf(int32(i))
		f.Objects[i] = Object{name, x.objs.at(int32(i)).typ, named}
	}
	f.Plains = make([]string, len(x.rec.plains))
	for i := range f.Plains {
		f.Plains[i] = x.texts.plain(i)
	}
	for _, t := range x.threads {
		if t.started {
			s := Started{Name: x.threads.name(t.id), At: x.rec.starts[t.id], Timer: t.timer != nil}
			if t.parent != nil {
				s.By = x.threads.name(t.parent.id)
			}
			f.Threads = append(f.Threads, s)
		}
	}
}

// Started says where a thread of a recorded execution was started.
type Started struct {
	Name  string
	At    Place
	By    string // the name of the thread that started it; empty: it is the first
	Timer bool   // it fires a timer
}

// CodeName is the name of an operation.
func CodeName(c Code) string { return traits[c].name }

// Show is v as text. A pointer is shown as its number among the pointers that
// the execution has shown, because addresses differ from run to run.
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
	return x.rec.pointer(p.UnsafePointer())
}
