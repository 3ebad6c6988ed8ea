package explore_test

import (
	"slices"
	"testing"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/cat"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/oracle"
	"crosscall/memmodel/internal/rel"

	"pgregory.net/rapid"
)

// Sections of RCU come first, those of SRCU second.
var rcuSections = []ir.Sections{
	{Open: "rcu-lock", Close: "rcu-unlock", Wait: "sync-rcu"},
	{Open: "srcu-lock", Close: "srcu-unlock", Wait: "sync-srcu"},
}

// section is one with statements in it.
func (g *wildGen) section(depth int) {
	srcu, held := !g.inside && g.in(3), g.holds
	g.enter(srcu)
	for range 1 + g.upto(2) {
		g.statement(depth - 1)
	}
	if g.holds && !held {
		g.unlock()
	}
	g.leave(srcu)
}

func (g *wildGen) enter(srcu bool) {
	if srcu {
		g.inside = true
		g.emit(ir.Instr{Op: ir.Do, Kind: graph.Read, Tags: []string{"srcu-lock"}, Dst: index, Addr: at(g.domain)})
		return
	}
	g.emit(ir.Instr{Op: ir.Do, Kind: graph.Fence, Tags: []string{"rcu-lock"}, Dst: ir.NoReg})
}

func (g *wildGen) leave(srcu bool) {
	if srcu {
		g.inside = false
		g.emit(ir.Instr{Op: ir.Do, Kind: graph.Write, Tags: []string{"srcu-unlock"}, Dst: ir.NoReg, Addr: at(g.domain), Val: reg(index)})
		return
	}
	g.emit(ir.Instr{Op: ir.Do, Kind: graph.Fence, Tags: []string{"rcu-unlock"}, Dst: ir.NoReg})
}

// leaveAndEnter waits in a section, which it leaves in each round.
func (g *wildGen) leaveAndEnter() {
	g.enter(false)
	r := g.data()
	g.until(func() {
		g.leave(false)
		g.enter(false)
		g.readTo(r, g.place())
	}, reg(r))
	g.leave(false)
}

func (g *wildGen) gracePeriod() {
	if g.in(3) {
		g.emit(ir.Instr{Op: ir.Do, Kind: graph.Fence, Tags: []string{"sync-srcu"}, Dst: ir.NoReg, Addr: at(g.domain)})
		return
	}
	g.emit(ir.Instr{Op: ir.Do, Kind: graph.Fence, Tags: []string{"sync-rcu"}, Dst: ir.NoReg})
}

// rcuState is what a machine knows of a thread's sections, of each kind: how many are
// open, and while it waits, for which threads.
type rcuState struct {
	open  [2]int
	waits bool
	for_  uint
}

// section begins or ends a section. Threads that wait for a thread's sections go on when its
// last one ends.
func (m *machine) section(s *machineState, t int, in *ir.Instr) {
	for of, k := range m.p.Sections {
		th := &s.threads[t]
		switch {
		case slices.Contains(in.Tags, k.Open):
			th.rcu.open[of]++
		case slices.Contains(in.Tags, k.Close):
			th.rcu.open[of]--
		}
		if th.rcu.open[of] > 0 {
			continue
		}
		for u := range s.threads {
			if o := &s.threads[u]; o.rcu.waits && m.p.WaitsFor(m.p.Threads[u].Instr[o.pc].Tags) == of {
				o.rcu.for_ &^= 1 << t
			}
		}
	}
}

// wait begins to wait for sections, or is through with it. It returns false if
// neither can be.
func (m *machine) wait(s *machineState, t int, in *ir.Instr) bool {
	th := &s.threads[t]
	if th.rcu.waits {
		th.rcu.waits = false
		return th.rcu.for_ == 0
	}
	th.rcu.waits = true
	th.pc--
	for u := range s.threads {
		if s.threads[u].rcu.open[m.p.WaitsFor(in.Tags)] > 0 {
			th.rcu.for_ |= 1 << u
		}
	}
	return true
}

// hangs is a thread that comes to where it waits for sections forever, whatever happens,
// or "".
func (m *machine) hangs(state int) string {
	for t, th := range m.p.Threads {
		if !m.reaches(state, func(i int) bool { return !m.reaches(i, func(k int) bool { return m.neverLeaves(k, t) }) }) {
			return th.Name
		}
	}
	return ""
}

// neverLeaves reports whether thread t waits for sections and never comes out of that.
func (m *machine) neverLeaves(state, t int) bool {
	at := m.states[state].threads[t].pc
	if m.ended(m.states[state], t) || m.p.WaitsFor(m.p.Threads[t].Instr[at].Tags) < 0 {
		return false
	}
	return !m.reaches(state, func(i int) bool { return m.states[i].threads[t].pc != at })
}

// scWithSections is sequential consistency with LKMM's law of RCU.
const scWithSections = `"SC with RCU"
include "locks.cat"
enum Tags = 'rcu-lock || 'rcu-unlock || 'sync-rcu || 'srcu-lock || 'srcu-unlock || 'sync-srcu
instructions F[Tags]
let com = rf | co | fr
acyclic po-loc | com as coherence
empty rmw & (fre ; coe) as atomic
acyclic po | com as sc
let rcu-rscs = let rec pair = pair |
	(([Rcu-lock \ domain(pair)] ; po ; [Rcu-unlock \ range(pair)]) \
	 (po ; [(Rcu-lock \ domain(pair)) | (Rcu-unlock \ range(pair))] ; po))
	in pair
let srcu-rscs = [Srcu-lock] ; data ; [Srcu-unlock]
let gp = [Sync-rcu]
let sgp = [Sync-srcu]
let cs = rcu-rscs^-1
let scs = srcu-rscs^-1
let ends = Sync-rcu | Sync-srcu | Rcu-lock | Rcu-unlock | Srcu-lock | Srcu-unlock
let link = [ends] ; (po | com)+ ; [ends]
let rec order = gp | sgp | (gp ; path ; cs) | (cs ; path ; gp) | (sgp ; path ; scs) | (scs ; path ; sgp) | (step ; order)
and step = order ; link
and path = link | (link ; step)
irreflexive order ; link as rcu
`

// TestTwinSections is TestTwinOperational for programs with sections of RCU and SRCU.
// In the machine what waits for these notes which are open, and goes on when they have
// ended. LKMM is given programs with a full barrier before each access.
func TestTwinSections(t *testing.T) {
	sc, err := cat.Compile("sc-rcu.cat", []byte(scWithSections), cat.Options{})
	if err != nil {
		t.Fatal(err)
	}
	lkmm, err := model.Load("lkmm")
	if err != nil {
		t.Fatal(err)
	}
	for name, plan := range map[string]*rel.Plan{"sc": sc, "lkmm": lkmm.Plan} {
		t.Run(name, func(t *testing.T) {
			d := oracle.Dialects["sc"]
			if name == "lkmm" {
				once := []string{"once"}
				d.Reads, d.Writes, d.Atomics, d.Fences = once, once, once, []string{"mb"}
			}
			check(t, 100, func(t *rapid.T) {
				p := wildPrograms(d, features{waits: true, rcu: true, heap: rapid.Bool().Draw(t, "heap")}).Draw(t, "program").Program
				if !slices.ContainsFunc(p.Threads, func(th ir.Thread) bool {
					return slices.ContainsFunc(th.Instr, func(in ir.Instr) bool { return p.WaitsFor(in.Tags) >= 0 })
				}) {
					t.Skip("nothing waits for sections")
				}
				machine, err := operational(p, false)
				if err != nil {
					t.Skip(err)
				}
				want := machine.outcomes()
				if name == "lkmm" {
					p.Marked.Read, p.Marked.Write = []string{"once"}, []string{"once"}
					for i := range p.Threads {
						fenceAll(&p.Threads[i])
					}
				}
				agree(t, p, explored(t, p, plan, rapid.IntRange(1, 2).Draw(t, "workers")), want)
			})
		})
	}
}

// fenceAll puts a full barrier before each event of a thread that is not the second
// half of an operation.
func fenceAll(th *ir.Thread) {
	var code []ir.Instr
	to := make([]int, len(th.Instr)+1)
	for i, in := range th.Instr {
		to[i] = len(code)
		if half := in.RMW || in.Kind == graph.LockWrite; in.Op == ir.Free || in.Op == ir.Do && !half {
			code = append(code, ir.Instr{Op: ir.Do, Kind: graph.Fence, Tags: []string{"mb"}, Dst: ir.NoReg})
		}
		code = append(code, in)
	}
	to[len(th.Instr)] = len(code)
	for i := range code {
		code[i].Target, code[i].Join = to[code[i].Target], to[code[i].Join]
	}
	th.Instr = code
}
