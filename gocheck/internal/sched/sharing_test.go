package sched

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// A randomHelper explores subtasks in the same process, and pauses at any time.
type randomHelper struct {
	draw   func(n int) int // below n
	cfg    Config
	body   func()
	report []byte
	tasks  int
	broken int // the helper is lost after so many subtasks
}

func (h *randomHelper) Ready() bool { return h.report == nil && h.draw(3) > 0 }

func (h *randomHelper) Start(subtask []byte) {
	h.tasks++
	n := h.draw(6)
	cfg := h.cfg
	cfg.Helper, cfg.Pause = nil, func() bool { n--; return n < 0 }
	exploring.Unlock() // of the exploration that is shared, which is between two executions
	h.report = Continue(cfg, h.body, subtask)
	exploring.Lock()
}

func (h *randomHelper) Report() ([]byte, bool) {
	if h.draw(3) == 0 {
		return nil, false
	}
	return h.Await(), true
}

func (h *randomHelper) Await() []byte {
	r := h.report
	if h.report = nil; h.tasks == h.broken {
		return nil
	}
	return r
}

// A noted has the executions that came to their ends. If the program is explored again
// in another way, it begins anew.
type noted struct {
	way    string
	traces map[string]bool
	finals map[string]bool
}

// ends notes the present execution when it ends, and its final state.
func (n *noted) ends(x *Explorer, final func() string) {
	x.Final(func() {
		if way := fmt.Sprint(x.cfg.offers, x.cfg.NoRounds, x.cfg.Census); way != n.way {
			*n = noted{way, map[string]bool{}, map[string]bool{}}
		}
		t := strings.TrimRight(x.signature(), "/") // threads without steps may not be known
		n.traces[t] = true
		n.finals[final()] = true
	})
}

// compareShared explores body alone and with a helper. body returns a function for the final
// state. exact says that the executions must be the same, and not only the final states.
func compareShared(t failer, cfg Config, h *randomHelper, exact bool, body func(*Explorer) func() string) (alone, shared Stats) {
	t.Helper()
	run := func(helper Helper) (Stats, *Found, string, *noted) {
		var n noted
		h.cfg, h.body = cfg, func() { n.ends(Active(), body(Active())) }
		cfg.Helper = helper
		s, found, reason := Explore(cfg, h.body)
		return s, found, reason, &n
	}
	alone, found1, reason1, noted1 := run(nil)
	shared, found2, reason2, noted2 := run(h)
	if fmt.Sprint(found1 == nil, reason1) != fmt.Sprint(found2 == nil, reason2) {
		t.Fatalf("alone: %v %s; shared: %v %s", found1, reason1, found2, reason2)
	}
	if found1 != nil {
		if found1.Schedule.String() != found2.Schedule.String() || found1.Kind != found2.Kind || alone != shared {
			t.Fatalf("alone: %+v %v; shared: %+v %v", alone, found1, shared, found2)
		}
		return alone, shared
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(noted1.finals)), slices.Sorted(maps.Keys(noted2.finals))); diff != "" {
		t.Fatalf("final states (-alone +shared):\n%s", diff)
	}
	if !exact {
		return alone, shared
	}
	if alone.Executions != shared.Executions {
		t.Fatalf("%+v alone, %+v shared", alone, shared)
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(noted1.traces)), slices.Sorted(maps.Keys(noted2.traces))); diff != "" {
		t.Fatalf("executions (-alone +shared):\n%s", diff)
	}
	return alone, shared
}

type sharedTally struct{ programs, tasks, executions, blocked, blockedShared, differ int }

func (n *sharedTally) count(h *randomHelper, alone, shared Stats) {
	n.programs++
	n.tasks += h.tasks
	n.executions += int(alone.Executions)
	n.differ += asInt(alone.Executions != shared.Executions)
	n.blocked += int(alone.Blocked)
	n.blockedShared += int(shared.Blocked)
}

func newRandomHelper(t *rapid.T) *randomHelper {
	h := &randomHelper{draw: rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "helper"), 0)).IntN}
	h.broken = rapid.SampledFrom([]int{-1, -1, -1, -1, 2}).Draw(t, "broken")
	return h
}

// An exploration that is shared leads to the same final states as one that is not. Of two
// orders of a close and of a select that takes another case, one or both are explored: if the
// select comes second it does not access the channel. That depends on the order in which
// reversals are requested.
func TestSharedChans(t *testing.T) {
	var n sharedTally
	rapid.Check(t, func(t *rapid.T) {
		verbs, anyTime := untimed, rapid.Bool().Draw(t, "any time")
		if rapid.Bool().Draw(t, "timed") {
			verbs = timed
		}
		p := genChanProg(t, verbs)
		if testing.Short() || rapid.IntRange(0, 9).Draw(t, "size") > 0 {
			p.code = p.code[:min(len(p.code), 3)] // four goroutines have many executions
		}
		h := newRandomHelper(t)
		cfg := Config{Preemptions: -1, MaxSteps: 1000, TimersAnyTime: anyTime}
		alone, shared := compareShared(t, cfg, h, false, func(x *Explorer) func() string {
			m := p.start(x)
			return func() string { return strings.Join(m.out, "/") }
		})
		n.count(h, alone, shared)
	})
	t.Logf("%+v", n)
}

// A wordStep is a step of a program on two words and a lock.
type wordStep struct {
	verb string
	word int
	val  int
}

// A wordMemory is the memory of such a program.
type wordMemory struct {
	x     *Explorer
	heads [2]Header
	lock  Header
	words [2]int
}

func (m *wordMemory) run(code []wordStep) {
	for i, s := range code {
		switch s.verb {
		case "lock":
			m.x.Lock(&m.lock, "Mutex")
		case "unlock":
			m.x.Unlock(&m.lock, "Mutex")
		case "choose":
			if m.x.Choose(3) == 1 {
				m.access(wordStep{"store", s.word, s.val})
			}
		case "go":
			m.x.Go(func() { m.run(code[i+1:]) })
			return
		case "await":
			for m.access(wordStep{verb: "load", word: s.word}) == 0 {
				m.x.Idle()
			}
		case "take":
			for m.access(wordStep{"cas", s.word, s.val}) != 0 {
				m.x.Idle()
			}
		default:
			m.access(s)
		}
	}
}

// access returns the old value.
func (m *wordMemory) access(s wordStep) (old int) {
	ops := map[string]Code{"load": Load, "store": Store, "add": Add, "cas": CompareAndSwap}
	m.x.Enter(&m.heads[s.word], "Int", ops[s.verb])
	old = m.words[s.word]
	switch s.verb {
	case "store":
		m.words[s.word] = s.val
	case "add":
		m.words[s.word] += s.val
	case "cas":
		if old == 0 {
			m.words[s.word] = s.val
		}
	}
	if s.verb == "load" || s.verb == "cas" && old != 0 {
		m.x.Leave(Read, false)
	} else {
		m.x.Leave(Write, m.words[s.word] != old)
	}
	return old
}

func genWords(t *rapid.T) (code [][]wordStep) {
	verbs := []string{"load", "load", "store", "store", "add", "cas", "lock", "choose", "go", "await", "take"}
	n := rapid.IntRange(2, 4).Draw(t, "goroutines")
	for range n {
		var c []wordStep
		locked := false
		for range rapid.IntRange(1, []int{0, 0, 5, 4, 3}[n]).Draw(t, "length") {
			s := wordStep{rapid.SampledFrom(verbs).Draw(t, "verb"), rapid.IntRange(0, 1).Draw(t, "word"), rapid.IntRange(0, 2).Draw(t, "value")}
			if s.verb == "lock" && locked {
				s.verb = "unlock"
			}
			locked = locked != (s.verb == "lock" || s.verb == "unlock")
			c = append(c, s)
		}
		if locked {
			c = append(c, wordStep{verb: "unlock"})
		}
		code = append(code, c)
	}
	return code
}

func TestSharedWords(t *testing.T) {
	var n sharedTally
	rapid.Check(t, func(t *rapid.T) {
		program, h := genWords(t), newRandomHelper(t)
		cfg := Config{Preemptions: -1, MaxSteps: 200}
		alone, shared := compareShared(t, cfg, h, true, func(x *Explorer) func() string {
			m := &wordMemory{x: x}
			for _, c := range program {
				x.Go(func() { m.run(c) })
			}
			return func() string { return fmt.Sprint(m.words) }
		})
		n.count(h, alone, shared)
	})
	t.Logf("%+v", n)
}
