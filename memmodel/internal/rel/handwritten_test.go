package rel_test

import (
	"fmt"
	"math/bits"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/litmus"
	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/rel"
	"crosscall/memmodel/internal/thread"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// A judge is a memory model as an exploration uses it. *rel.Machine is one;
// handwritten_models_test.go has two that are written by hand, to measure the
// cost of a model being data. All leave coherence and atomicity to the
// exploration.
type judge interface {
	Load(*rel.Structure) bool
	Push()
	Pop()
	ReadFrom(w, r int)
	Order(a, b int)
	Settle() bool
	Complete() bool
}

func compiled(tb testing.TB, m *model.Model) judge {
	tb.Helper()
	c, err := rel.Compile(m.Plan)
	if err != nil {
		tb.Fatal(err)
	}
	if !c.Native() {
		tb.Fatal("coherence and atomicity are not recognised")
	}
	return rel.NewMachine(c, true)
}

// A rival is a model in both forms.
type rival struct {
	model    string
	written  func() judge
	programs []sample
}

// A sample is a program: the C of each thread without its declarations.
type sample struct {
	name    string
	threads []string
}

var rivals = []rival{
	{"x86-tso", func() judge { return &tsoByHand{} }, []sample{
		{"MP", []string{"WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1);", "r0 = READ_ONCE(*y); r1 = READ_ONCE(*x);"}},
		{"SB+mbs", []string{"WRITE_ONCE(*x, 1); smp_mb(); r0 = READ_ONCE(*y);", "WRITE_ONCE(*y, 1); smp_mb(); r0 = READ_ONCE(*x);"}},
		{"2+2W", []string{"WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 2);", "WRITE_ONCE(*y, 1); WRITE_ONCE(*x, 2);"}},
		{"IRIW", []string{"WRITE_ONCE(*x, 1);", "r0 = READ_ONCE(*x); r1 = READ_ONCE(*y);",
			"WRITE_ONCE(*y, 1);", "r0 = READ_ONCE(*y); r1 = READ_ONCE(*x);"}},
		{"ISA2", []string{"WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1);", "r0 = READ_ONCE(*y); WRITE_ONCE(*z, 1);",
			"r0 = READ_ONCE(*z); r1 = READ_ONCE(*x);"}},
		{"Z6.0", []string{"WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1);", "r0 = READ_ONCE(*y); WRITE_ONCE(*z, 1);",
			"WRITE_ONCE(*z, 2); smp_mb(); r0 = READ_ONCE(*x);"}},
		{"xchg", []string{"r0 = xchg(x, 1); r1 = READ_ONCE(*y);", "r0 = xchg(y, 1); r1 = READ_ONCE(*x);", "r0 = xchg(x, 2); r1 = xchg(y, 2);"}},
		{"locks3", repeat(3, inLock)},
		{"locks4", repeat(4, inLock)},
	}},
	{"lkmm", func() judge { return &lkmmByHand{} }, []sample{
		{"MP+wmb+rmb", []string{"WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*y, 1);", "r0 = READ_ONCE(*y); smp_rmb(); r1 = READ_ONCE(*x);"}},
		{"MP+rel+acq", []string{"WRITE_ONCE(*x, 1); smp_store_release(y, 1);", "r0 = smp_load_acquire(y); r1 = READ_ONCE(*x);"}},
		{"SB+mbs", []string{"WRITE_ONCE(*x, 1); smp_mb(); r0 = READ_ONCE(*y);", "WRITE_ONCE(*y, 1); smp_mb(); r0 = READ_ONCE(*x);"}},
		{"LB+datas", []string{"r0 = READ_ONCE(*x); WRITE_ONCE(*y, r0);", "r0 = READ_ONCE(*y); WRITE_ONCE(*x, r0);"}},
		{"2+2W+wmbs", []string{"WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*y, 2);", "WRITE_ONCE(*y, 1); smp_wmb(); WRITE_ONCE(*x, 2);"}},
		{"IRIW+mbs", []string{"WRITE_ONCE(*x, 1);", "r0 = READ_ONCE(*x); smp_mb(); r1 = READ_ONCE(*y);",
			"WRITE_ONCE(*y, 1);", "r0 = READ_ONCE(*y); smp_mb(); r1 = READ_ONCE(*x);"}},
		{"ISA2+rel+data+acq", []string{"WRITE_ONCE(*x, 1); smp_store_release(y, 1);", "r0 = READ_ONCE(*y); WRITE_ONCE(*z, 1 + (r0 & 0));",
			"r0 = smp_load_acquire(z); r1 = READ_ONCE(*x);"}},
		{"Z6.0+rel+rel+mb", []string{"WRITE_ONCE(*x, 1); smp_store_release(y, 1);", "r0 = READ_ONCE(*y); smp_store_release(z, 1);",
			"WRITE_ONCE(*z, 2); smp_mb(); r0 = READ_ONCE(*x);"}},
		{"xchg", []string{"r0 = xchg_release(x, 1); r1 = READ_ONCE(*y);", "r0 = xchg_relaxed(x, 2); WRITE_ONCE(*y, 1);",
			"r0 = xchg_acquire(x, 3); r1 = READ_ONCE(*y);"}},
		{"locks3", repeat(3, inLock)},
		{"locks4", repeat(4, inLock)},
		{"rcu4", rcuRing(4)},
		{"rcu6", rcuRing(6)},
		{"rcu8", rcuRing(8)},
		{"rcu10", rcuRing(10)},
	}},
}

const inLock = "spin_lock(l); r0 = READ_ONCE(*x); WRITE_ONCE(*x, 1); spin_unlock(l);"

func repeat(n int, thread string) []string { return slices.Repeat([]string{thread}, n) }

// rcuRing has n threads that read from one neighbour and write to the other,
// in turn around a grace period and in a critical section.
func rcuRing(n int) []string {
	var list []string
	for i := range n {
		form := "r0 = READ_ONCE(*a%d); synchronize_rcu(); WRITE_ONCE(*a%d, 1);"
		if i%2 == 1 {
			form = "rcu_read_lock(); r0 = READ_ONCE(*a%d); WRITE_ONCE(*a%d, 1); rcu_read_unlock();"
		}
		list = append(list, fmt.Sprintf(form, i, (i+1)%n))
	}
	return list
}

var (
	sharedNames   = regexp.MustCompile(`\b([x-z]|a\d+)\b`)
	registerNames = regexp.MustCompile(`\br\d\b`)
)

// source is the litmus test of p. Its condition does not matter here.
func (p sample) source() string {
	b := new(strings.Builder)
	fmt.Fprintf(b, "C %s\n{}\n", p.name)
	for t, code := range p.threads {
		var params []string
		for _, v := range distinct(sharedNames, code) {
			params = append(params, "int *"+v)
		}
		if strings.Contains(code, "lock(l)") {
			params = append(params, "spinlock_t *l")
		}
		fmt.Fprintf(b, "P%d(%s)\n{\n", t, strings.Join(params, ", "))
		for _, r := range distinct(registerNames, code) {
			fmt.Fprintf(b, "\tint %s;\n", r)
		}
		fmt.Fprintf(b, "\t%s\n}\n", code)
	}
	b.WriteString("exists (true)\n")
	return b.String()
}

func distinct(names *regexp.Regexp, code string) []string {
	list := names.FindAllString(code, -1)
	slices.Sort(list)
	return slices.Compact(list)
}

// structure is p as m's table of primitives makes it. There is one way through
// each thread.
func (p sample) structure(tb rapid.TB, m *model.Model) *rel.Structure {
	tb.Helper()
	ast, err := litmus.Parse(p.name, []byte(p.source()))
	if err != nil {
		tb.Fatal(err)
	}
	test, err := ast.Compile(m.Macros)
	if err != nil {
		tb.Fatal(err)
	}
	s := &rel.Structure{}
	paths, err := thread.UnfoldAll(test.Prog, 1, func() error { return nil })
	if err != nil {
		tb.Fatal(err)
	}
	for c := range test.Prog.Cells {
		for _, list := range paths {
			if slices.ContainsFunc(list[0].Events, func(e graph.Event) bool { return e.Loc == c }) {
				s.Events = append(s.Events, &graph.Event{Thread: graph.InitThread, Kind: graph.Write, Loc: c})
				break
			}
		}
	}
	for _, list := range paths {
		if len(list) != 1 {
			tb.Fatalf("%s: more than one way through a thread", p.name)
		}
		path, at := list[0], len(s.Events)
		shift := func(to *[]graph.Edge, from []graph.Edge) {
			for _, x := range from {
				*to = append(*to, graph.Edge{From: x.From + at, To: x.To + at})
			}
		}
		for i := range path.Events {
			s.Events = append(s.Events, &path.Events[i])
		}
		shift(&s.Addr, path.Addr)
		shift(&s.Data, path.Data)
		shift(&s.Ctrl, path.Ctrl)
		shift(&s.RMW, path.RMW)
		shift(&s.LockRM, path.LockRM)
	}
	if len(s.Events) > 64 {
		tb.Fatalf("%s: too many events", p.name)
	}
	return s
}

// An enumerator goes through all coherent choices of rf and co for a structure
// of at most 64 events, depth first, as the explorer does: atomic operations and
// locks first, then co, then the other reads. It prunes where the judge finds a
// violation.
type enumerator struct {
	s        *rel.Structure
	j        judge
	writes   map[int][]int // by cell
	reads    []int
	ordering int // the number of reads that are halves of atomic operations
	half     map[int]int
	rf       []int
	after    [64]uint64 // by write: what comes later in co
	done     [][2]int   // pairs of co, as they were added
	told     int        // how many of them the judge knows
	pairs    [][2]int   // writes between which nothing may come
	found    []string   // the executions
}

// executions returns the executions of s that j allows, each as its rf and co.
func executions(s *rel.Structure, j judge) []string {
	e := &enumerator{s: s, j: j, writes: map[int][]int{}, half: map[int]int{}, rf: make([]int, len(s.Events))}
	if !j.Load(s) || !e.begin() {
		return nil
	}
	j.Push()
	e.tell()
	if j.Settle() {
		e.chooseRF(0)
	}
	j.Pop()
	slices.Sort(e.found)
	return e.found
}

// begin finds the choices, and adds the order that is certain.
func (e *enumerator) begin() bool {
	for _, list := range [][]graph.Edge{e.s.RMW, e.s.LockRM} {
		for _, x := range list {
			e.half[x.From] = x.To
		}
	}
	for i, ev := range e.s.Events {
		e.rf[i] = -1
		if !ev.Kind.Writes() {
			continue
		}
		for _, w := range e.writes[ev.Loc] {
			if before := e.s.Events[w]; before.Thread == graph.InitThread || before.Thread == ev.Thread {
				if !e.before(w, i) {
					return false
				}
			}
		}
		if list := e.writes[ev.Loc]; ev.Kind == graph.Unlock { // after the LockWrite of its thread
			e.pairs = append(e.pairs, [2]int{list[len(list)-1], i})
		}
		e.writes[ev.Loc] = append(e.writes[ev.Loc], i)
	}
	for _, atomic := range []bool{true, false} {
		for i, ev := range e.s.Events {
			if _, is := e.half[i]; ev.Kind.Reads() && is == atomic {
				e.reads = append(e.reads, i)
			}
		}
		if atomic {
			e.ordering = len(e.reads)
		}
	}
	return true
}

// before adds a co b with its consequences. It returns false if that is
// impossible.
func (e *enumerator) before(a, b int) bool {
	if a == b || e.after[b]>>a&1 != 0 {
		return false
	}
	for _, s := range e.writes[e.s.Events[a].Loc] {
		if s != a && e.after[s]>>a&1 == 0 {
			continue
		}
		for fresh := (e.after[b] | 1<<b) &^ e.after[s]; fresh != 0; fresh &= fresh - 1 {
			t := bits.TrailingZeros64(fresh)
			e.after[s] |= 1 << t
			e.done = append(e.done, [2]int{s, t})
		}
	}
	for _, p := range e.pairs {
		for _, x := range e.writes[e.s.Events[p[0]].Loc] {
			if e.after[p[0]]>>x&1 != 0 && e.after[x]>>p[1]&1 != 0 {
				return false
			}
		}
	}
	return true
}

// reading adds that r reads from w, with the consequences of coherence for co.
func (e *enumerator) reading(w, r int) bool {
	e.rf[r] = w
	if h, ok := e.half[r]; ok {
		e.pairs = append(e.pairs, [2]int{w, h})
		if !e.before(w, h) {
			return false
		}
	}
	for x, ev := range e.s.Events {
		if x == r || ev.Loc != e.s.Events[r].Loc || ev.Thread != e.s.Events[r].Thread {
			continue
		}
		shown := x // the write that x shows
		if ev.Kind.Reads() {
			if shown = e.rf[x]; shown < 0 || shown == w {
				continue
			}
		}
		if x < r && shown != w && !e.before(shown, w) || x > r && !e.before(w, shown) {
			return false
		}
	}
	return true
}

func (e *enumerator) source(w, r int) bool {
	ev := e.s.Events[w]
	return e.s.Events[r].Kind != graph.LockRead || ev.Kind == graph.Unlock || ev.Thread == graph.InitThread
}

func (e *enumerator) tell() {
	for ; e.told < len(e.done); e.told++ {
		e.j.Order(e.done[e.told][0], e.done[e.told][1])
	}
}

// undo removes the pairs that were added since e had that many.
func (e *enumerator) undo(done, pairs int) {
	for _, p := range e.done[done:] {
		e.after[p[0]] &^= 1 << p[1]
	}
	e.done, e.pairs, e.told = e.done[:done], e.pairs[:pairs], done
}

// try goes on if add is possible and the judge agrees.
func (e *enumerator) try(add func() bool, tell func(), then func()) {
	done, pairs := len(e.done), len(e.pairs)
	if add() {
		e.j.Push()
		tell()
		e.tell()
		if e.j.Settle() {
			then()
		}
		e.j.Pop()
	}
	e.undo(done, pairs)
}

func (e *enumerator) chooseRF(k int) {
	if k == e.ordering {
		e.chooseCO(k)
		return
	}
	e.choose(k)
}

func (e *enumerator) choose(k int) {
	if k == len(e.reads) {
		if e.j.Complete() {
			e.found = append(e.found, fmt.Sprint(e.rf, e.after[:len(e.s.Events)]))
		}
		return
	}
	r := e.reads[k]
	next := e.choose
	if k < e.ordering {
		next = e.chooseRF
	}
	for _, w := range e.writes[e.s.Events[r].Loc] {
		if e.source(w, r) {
			e.try(func() bool { return e.reading(w, r) }, func() { e.j.ReadFrom(w, r) }, func() { next(k + 1) })
		}
		e.rf[r] = -1
	}
}

func (e *enumerator) chooseCO(k int) {
	a, b, open := e.open()
	if !open {
		e.choose(k)
		return
	}
	for _, p := range [][2]int{{a, b}, {b, a}} {
		e.try(func() bool { return e.before(p[0], p[1]) }, func() {}, func() { e.chooseCO(k) })
	}
}

func (e *enumerator) open() (a, b int, ok bool) {
	for a, ev := range e.s.Events {
		if !ev.Kind.Writes() {
			continue
		}
		for _, b := range e.writes[ev.Loc] {
			if b > a && e.after[a]>>b&1 == 0 && e.after[b]>>a&1 == 0 {
				return a, b, true
			}
		}
	}
	return 0, 0, false
}

// TestHandwritten compares the executions that both forms of a model allow.
func TestHandwritten(t *testing.T) {
	for _, r := range rivals {
		m, err := model.Load(r.model)
		if err != nil {
			t.Fatal(err)
		}
		machine, written := compiled(t, m), r.written()
		for _, p := range r.programs {
			s := p.structure(t, m)
			want := executions(s, written)
			if diff := cmp.Diff(want, executions(s, machine)); diff != "" {
				t.Errorf("%s under %s: by hand -, compiled +:\n%s", p.name, r.model, diff)
			}
			if len(want) == 0 {
				t.Errorf("%s under %s: no execution", p.name, r.model)
			}
		}
	}
}

// statements are the statements of random programs, by model. V stands for a
// variable, R for a register.
var statements = map[string][]string{
	"x86-tso": {"WRITE_ONCE(*V, 1);", "R = READ_ONCE(*V);", "smp_mb();", "R = xchg(V, 1);"},
	"lkmm": {
		"WRITE_ONCE(*V, 1);", "R = READ_ONCE(*V);", "WRITE_ONCE(*V, 1);", "R = READ_ONCE(*V);",
		"smp_store_release(V, 1);", "R = smp_load_acquire(V);", "WRITE_ONCE(*V, r0 & 0);", "R = READ_ONCE(*(V + (r0 & 0)));",
		"smp_mb();", "smp_wmb();", "smp_rmb();", "synchronize_rcu();", "rcu_read_lock();", "rcu_read_unlock();",
		"R = xchg_relaxed(V, 1);", "R = xchg_release(V, 1);", "atomic_add(1, V);", "smp_mb__before_atomic();", "smp_mb__after_atomic();",
		"spin_lock(l); smp_mb__after_spinlock(); spin_unlock(l);", "spin_lock(l); R = READ_ONCE(*V); spin_unlock(l);",
		"spin_lock(l); WRITE_ONCE(*V, 1); spin_unlock(l);",
	},
}

func randomSample(t *rapid.T, statements []string) sample {
	p := sample{name: "random"}
	for range rapid.IntRange(2, 3).Draw(t, "threads") {
		var code []string
		for range rapid.IntRange(1, 4).Draw(t, "statements") {
			text := rapid.SampledFrom(statements).Draw(t, "statement")
			text = strings.ReplaceAll(text, "V", rapid.SampledFrom([]string{"x", "y", "z"}).Draw(t, "variable"))
			code = append(code, strings.ReplaceAll(text, "R ", rapid.SampledFrom([]string{"r0 ", "r1 "}).Draw(t, "register")))
		}
		p.threads = append(p.threads, strings.Join(code, " "))
	}
	return p
}

// TestHandwrittenRandom does the same on random programs.
func TestHandwrittenRandom(t *testing.T) {
	for _, r := range rivals {
		m, err := model.Load(r.model)
		if err != nil {
			t.Fatal(err)
		}
		machine, written := compiled(t, m), r.written()
		rapid.Check(t, func(t *rapid.T) {
			p := randomSample(t, statements[r.model])
			s := p.structure(t, m)
			if diff := cmp.Diff(executions(s, written), executions(s, machine)); diff != "" {
				t.Fatalf("under %s: by hand -, compiled +:\n%s\n%s", r.model, p.source(), diff)
			}
		})
	}
}

// A recorder records the calls of an exploration to a judge.
type recorder struct {
	judge
	calls     []call
	decisions int
}

type call struct {
	what callKind
	a, b uint8
}

type callKind uint8

const (
	push callKind = iota
	pop
	readFrom
	inOrder
	settle
	complete
)

func (r *recorder) add(what callKind, a, b int) {
	r.calls = append(r.calls, call{what, uint8(a), uint8(b)})
}

func (r *recorder) Push()             { r.add(push, 0, 0); r.judge.Push() }
func (r *recorder) Pop()              { r.add(pop, 0, 0); r.judge.Pop() }
func (r *recorder) ReadFrom(w, x int) { r.add(readFrom, w, x); r.judge.ReadFrom(w, x) }
func (r *recorder) Order(a, b int)    { r.add(inOrder, a, b); r.judge.Order(a, b) }
func (r *recorder) Settle() bool      { r.add(settle, 0, 0); r.decisions++; return r.judge.Settle() }
func (r *recorder) Complete() bool    { r.add(complete, 0, 0); return r.judge.Complete() }

// replay makes the same calls again, without the exploration, to measure the
// judge alone.
func (r *recorder) replay() {
	for _, c := range r.calls {
		switch c.what {
		case push:
			r.judge.Push()
		case pop:
			r.judge.Pop()
		case readFrom:
			r.judge.ReadFrom(int(c.a), int(c.b))
		case inOrder:
			r.judge.Order(int(c.a), int(c.b))
		case settle:
			r.judge.Settle()
		case complete:
			r.judge.Complete()
		}
	}
}

// A contender is a judge that is measured, with its best times: other work of
// the computer can only make times longer.
type contender struct {
	recorder
	load, decide time.Duration // of one Load, of all decisions of an exploration
}

func (c *contender) round(s *rel.Structure, times int) {
	start := time.Now()
	for range times {
		c.Load(s)
	}
	loaded := time.Now()
	for range times {
		c.replay()
	}
	best := func(d *time.Duration, now time.Duration) {
		if now /= time.Duration(times); *d == 0 || now < *d {
			*d = now
		}
	}
	best(&c.load, loaded.Sub(start))
	best(&c.decide, time.Since(loaded))
}

// BenchmarkHandwritten measures a decision (the consequences of a pair of rf or
// co, and the checks) with a compiled model and with the model written by hand,
// and their ratio. It then does the same for one Load, and for a Load and all
// decisions of an exploration together.
func BenchmarkHandwritten(b *testing.B) {
	for _, r := range rivals {
		m, err := model.Load(r.model)
		if err != nil {
			b.Fatal(err)
		}
		for _, p := range r.programs {
			b.Run(r.model+"/"+p.name, func(b *testing.B) {
				s := p.structure(b, m)
				machine, written := &contender{recorder: recorder{judge: compiled(b, m)}}, &contender{recorder: recorder{judge: r.written()}}
				executions(s, machine)
				executions(s, written)
				times := 1 + 2000/machine.decisions
				for b.Loop() {
					machine.round(s, times)
					written.round(s, times)
				}
				perDecision := func(c *contender) float64 { return float64(c.decide) / float64(c.decisions) }
				ratio := func(x, y time.Duration) float64 { return float64(x) / float64(y) }
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(float64(machine.decisions), "decisions")
				b.ReportMetric(float64(written.decisions), "decisions-by-hand")
				b.ReportMetric(float64(machine.load), "ns/load")
				b.ReportMetric(float64(written.load), "ns/load-by-hand")
				b.ReportMetric(perDecision(machine), "ns/decision")
				b.ReportMetric(perDecision(written), "ns/decision-by-hand")
				b.ReportMetric(ratio(machine.decide, written.decide), "times")
				b.ReportMetric(ratio(machine.load, written.load), "times-load")
				b.ReportMetric(ratio(machine.load+machine.decide, written.load+written.decide), "times-all")
			})
		}
	}
}
