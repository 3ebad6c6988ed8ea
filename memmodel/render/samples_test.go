package render

import (
	"fmt"
	"slices"

	"crosscall/memmodel/graph"
)

// A builder makes executions by hand. Initial writes come from newBuilder;
// threads must be written in order.
type builder struct {
	x    *graph.Execution
	line int
}

func newBuilder(name string, locs ...string) *builder {
	b := &builder{x: &graph.Execution{Name: name, Locs: locs}, line: 5}
	for i := range locs {
		e := b.add(graph.InitThread, graph.Write, "", i, "0")
		b.x.CO = append(b.x.CO, []int{e})
	}
	return b
}

func (b *builder) add(thread int, k graph.Kind, text string, loc int, value string, tags ...string) int {
	x := b.x
	e := graph.Event{Thread: thread, Kind: k, Loc: loc, Tags: tags, Text: text}
	if thread != graph.InitThread {
		if thread >= x.Threads {
			x.Threads = thread + 1
			b.line += 3
		}
		b.line++
		e.Pos = graph.Pos{File: x.Name + ".litmus", Line: b.line, Col: 2}
	}
	x.Events = append(x.Events, e)
	x.Values = append(x.Values, value)
	x.RF = append(x.RF, -1)
	if thread != graph.InitThread && k.Writes() {
		x.CO[loc] = append(x.CO[loc], len(x.Events)-1)
	}
	return len(x.Events) - 1
}

func (b *builder) loc(name string) int { return slices.Index(b.x.Locs, name) }

func (b *builder) write(thread int, loc, value string) int {
	return b.add(thread, graph.Write, fmt.Sprintf("WRITE_ONCE(*%s, %s)", loc, value), b.loc(loc), value, "once")
}

// read reads from the write from; -1 is the initial one.
func (b *builder) read(thread int, reg, loc string, from int) int {
	text := fmt.Sprintf("%s = READ_ONCE(*%s)", reg, loc)
	return b.readAs(thread, graph.Read, text, loc, from, "once")
}

func (b *builder) readAs(thread int, k graph.Kind, text, loc string, from int, tags ...string) int {
	if from < 0 {
		from = b.loc(loc)
	}
	e := b.add(thread, k, text, b.loc(loc), b.x.Values[from], tags...)
	b.x.RF[e] = from
	return e
}

func (b *builder) fence(thread int, text, tag string) int {
	return b.add(thread, graph.Fence, text, graph.NoLoc, "", tag)
}

// lock takes the lock that the write from set free.
func (b *builder) lock(thread int, loc string, from int) int {
	text := fmt.Sprintf("spin_lock(%s)", loc)
	r := b.readAs(thread, graph.LockRead, text, loc, from)
	w := b.add(thread, graph.LockWrite, text, b.loc(loc), "1")
	b.x.RMW = append(b.x.RMW, graph.Edge{From: r, To: w})
	return r
}

func (b *builder) unlock(thread int, loc string) int {
	return b.add(thread, graph.Unlock, fmt.Sprintf("spin_unlock(%s)", loc), b.loc(loc), "0")
}

func (b *builder) violate(check string, edges ...any) {
	b.x.Violated = check
	for i := 0; i < len(edges); i += 2 {
		from := edges[i].(int)
		to := edges[0].(int)
		if i+2 < len(edges) {
			to = edges[i+2].(int)
		}
		b.x.Cycle = append(b.x.Cycle, graph.LabelledEdge{Edge: graph.Edge{From: from, To: to}, Label: edges[i+1].(string)})
	}
}

func (b *builder) final(states ...string) *graph.Execution {
	b.x.Final = states
	return b.x
}

func mp() *graph.Execution {
	b := newBuilder("MP+wmb+rmb", "x", "y")
	wx := b.write(0, "x", "1")
	b.fence(0, "smp_wmb()", "wmb")
	wy := b.write(0, "y", "1")
	ry := b.read(1, "r0", "y", wy)
	b.fence(1, "smp_rmb()", "rmb")
	rx := b.read(1, "r1", "x", -1)
	b.violate("happens-before", wx, "wmb", wy, "rfe", ry, "rmb", rx, "fre")
	return b.final("1:r0=1", "1:r1=0")
}

func mpPlain() *graph.Execution {
	b := newBuilder("MP", "x", "y")
	wx := b.write(0, "x", "1")
	wy := b.write(0, "y", "1")
	ry := b.read(1, "r0", "y", wy)
	rx := b.read(1, "r1", "x", -1)
	b.violate("sc", wx, "po", wy, "rf", ry, "po", rx, "fr")
	return b.final("1:r0=1", "1:r1=0")
}

// race is mpPlain with accesses that nothing marks: allowed, and flagged twice.
func race() *graph.Execution {
	x := mpPlain()
	x.Name, x.Violated, x.Cycle = "MP+race", "", nil
	wx, wy, ry, rx := 2, 3, 4, 5 // behind the initial writes
	x.Flagged = []graph.LabelledEdge{
		{Edge: graph.Edge{From: wy, To: ry}, Label: "data-race"},
		{Edge: graph.Edge{From: rx, To: wx}, Label: "data-race"},
	}
	return x
}

func sb() *graph.Execution {
	b := newBuilder("SB", "x", "y")
	b.write(0, "x", "1")
	b.read(0, "r0", "y", -1)
	b.write(1, "y", "1")
	b.read(1, "r0", "x", -1)
	return b.final("0:r0=0", "1:r0=0")
}

func iriw() *graph.Execution {
	b := newBuilder("IRIW+addr+mb", "x", "y")
	wx := b.write(0, "x", "1")
	rx := b.read(1, "r0", "x", wx)
	ry := b.read(1, "r1", "y", -1)
	wy := b.write(2, "y", "1")
	ry2 := b.read(3, "r0", "y", wy)
	b.fence(3, "smp_mb()", "mb")
	rx2 := b.read(3, "r1", "x", -1)
	b.x.Addr = []graph.Edge{{From: rx, To: ry}}
	b.violate("propagation", wx, "rfe", rx, "addr", ry, "fre", wy, "rfe", ry2, "mb", rx2, "fre")
	return b.final("1:r0=1", "1:r1=0", "3:r0=1", "3:r1=0")
}

func iriwAllowed() *graph.Execution {
	x := iriw()
	x.Name, x.Violated, x.Cycle = "IRIW allowed", "", nil
	return x
}

func locks3() *graph.Execution {
	b := newBuilder("lock-3", "l", "x", "y")
	b.lock(0, "l", -1)
	wx := b.write(0, "x", "1")
	u0 := b.unlock(0, "l")
	b.lock(1, "l", u0)
	rx := b.read(1, "r0", "x", wx)
	wy := b.write(1, "y", "1")
	u1 := b.unlock(1, "l")
	b.readAs(2, graph.LockFail, "r0 = spin_trylock(l)", "l", b.x.CO[b.loc("l")][1])
	b.lock(2, "l", u1)
	b.fence(2, "smp_mb__after_spinlock()", "after-spinlock")
	b.read(2, "r1", "y", wy)
	b.read(2, "r2", "x", wx)
	b.unlock(2, "l")
	b.x.Data = []graph.Edge{{From: rx, To: wy}}
	b.x.Ctrl = []graph.Edge{{From: rx, To: wy}}
	return b.final("1:r0=1", "2:r0=0", "2:r1=1", "2:r2=1")
}

func rcu() *graph.Execution {
	b := newBuilder("RCU-MP", "x", "y")
	b.fence(0, "rcu_read_lock()", "rcu-lock")
	ry := b.read(0, "r0", "y", 1)
	rx := b.read(0, "r1", "x", -1)
	b.fence(0, "rcu_read_unlock()", "rcu-unlock")
	wx := b.write(1, "x", "1")
	gp := b.fence(1, "synchronize_rcu()", "sync-rcu")
	wy := b.write(1, "y", "1")
	b.x.RF[ry], b.x.Values[ry] = wy, "1"
	b.violate("rcu", rx, "fre", wx, "po", gp, "po", wy, "rfe", ry, "rcu-rscsi", rx, "rb")
	b.x.Cycle = b.x.Cycle[:5]
	return b.final("0:r0=1", "0:r1=0")
}

func twoPlusTwoW() *graph.Execution {
	b := newBuilder("2+2W", "x", "y")
	x1 := b.write(0, "x", "2")
	y1 := b.write(0, "y", "1")
	y2 := b.write(1, "y", "2")
	x2 := b.write(1, "x", "1")
	b.x.CO[0] = []int{0, x2, x1}
	b.x.CO[1] = []int{1, y1, y2}
	return b.final("x=2", "y=2")
}

// ring is a chain of n threads that each pass a value on; the last reads what
// the first has not written yet.
func ring(n int) *graph.Execution {
	var locs []string
	for i := range n {
		locs = append(locs, fmt.Sprintf("x%d", i))
	}
	b := newBuilder(fmt.Sprintf("ISA%d", n), locs...)
	first := b.write(0, "x0", "1")
	w := b.write(0, "x1", "1")
	cycle := []any{first, "po-rel", w, "rfe"}
	for t := 1; t < n; t++ {
		r := b.read(t, "r0", locs[t], w)
		cycle = append(cycle, r)
		if t == n-1 {
			last := b.read(t, "r1", "x0", -1)
			b.x.Addr = append(b.x.Addr, graph.Edge{From: r, To: last})
			cycle = append(cycle, "addr", last, "fre")
			break
		}
		w = b.write(t, locs[t+1], "1")
		b.x.Data = append(b.x.Data, graph.Edge{From: r, To: w})
		cycle = append(cycle, "data", w, "rfe")
	}
	b.violate("happens-before", cycle...)
	return b.final(fmt.Sprintf("%d:r1=0", n-1))
}

// atomics has read-modify-writes by four threads and a long source line.
func atomics() *graph.Execution {
	b := newBuilder("atomics", "counter", "flag")
	from := b.loc("counter")
	for t := range 3 {
		text := fmt.Sprintf("r%d = atomic_fetch_add_relaxed(%d, &some_structure->counter)", t, t+1)
		r := b.readAs(t, graph.Read, text, "counter", from, "noreturn")
		w := b.add(t, graph.Write, text, b.loc("counter"), fmt.Sprint((t+1)*(t+2)/2), "relaxed")
		f := b.write(t, "flag", fmt.Sprint(t+1))
		b.x.RMW = append(b.x.RMW, graph.Edge{From: r, To: w})
		b.x.Data = append(b.x.Data, graph.Edge{From: r, To: w})
		b.x.Ctrl = append(b.x.Ctrl, graph.Edge{From: r, To: f})
		b.x.Addr = append(b.x.Addr, graph.Edge{From: r, To: f})
		from = w
	}
	b.read(3, "r0", "flag", b.x.CO[1][1])
	b.read(3, "r1", "counter", from)
	b.read(3, "r2", "flag", b.x.CO[1][3])
	return b.final("counter=6", "flag=3", "3:r0=1", "3:r1=6", "3:r2=3")
}

// long is one thread of n events.
func long(n int) *graph.Execution {
	b := newBuilder(fmt.Sprintf("long-%d", n), "x")
	last := -1
	for i := range n / 2 {
		last = b.write(0, "x", fmt.Sprint(i))
		b.read(0, "r", "x", last)
	}
	return b.final()
}

// odd has what no front end should make but a picture must survive.
func odd() *graph.Execution {
	b := newBuilder("odd <&\"'> \x1b[31m\n", "a<b>", "y")
	w := b.add(0, graph.Write, "", 0, "<1>", "t<a>g")
	f := b.add(0, graph.Fence, "if (a < b && c > \"d\")\x00 { /* ]]> */ }", graph.NoLoc, "")
	r := b.readAs(1, graph.Read, "</text></svg><script>alert(1)</script>", "a<b>", w)
	b.violate("no <way>", w, "self&loop", w, "back", 0, "init to init", 1, "down", r, "skip", f, "po", w, "rmw")
	b.x.Threads = 4
	b.x.Events[r].Pos = graph.Pos{}
	return b.final("a<b>=1")
}

func samples() map[string]*graph.Execution {
	return map[string]*graph.Execution{
		"mp": mp(), "mp-plain": mpPlain(), "sb": sb(), "iriw": iriw(), "race": race(), "iriw-allowed": iriwAllowed(),
		"lock": locks3(), "rcu": rcu(), "2+2w": twoPlusTwoW(), "ring8": ring(8), "atomics": atomics(),
		"odd": odd(), "empty": {Name: "empty"}, "long": long(12),
	}
}
