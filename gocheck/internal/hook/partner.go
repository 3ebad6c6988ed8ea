package hook

import (
	"fmt"
	"os"
	"time"

	"crosscall/gocheck/internal/sched"
)

// A test that takes long to explore is shared with another process of the test binary, its
// partner (see sched/sharing.go). The command starts the partner, if there is a slot for it.
// The two exchange files in the folder of the claims:
//
//	want-N      test N takes long; the file has the number of the process that explores it
//	ready-N     the partner waits for subtasks
//	task-N-K    subtask number K
//	report-N-K  the report on it
//	end-N       the test is explored
//	gone-N      the partner has ended
//
// A file appears with all its contents.
type exchange struct{ prefix string }

func (e exchange) name(kind, id string) string { return e.prefix + "/" + kind + "-" + id }

func (e exchange) has(kind, id string) bool {
	_, err := os.Stat(e.name(kind, id))
	return err == nil
}

func (e exchange) put(kind, id string, text []byte) error {
	name := e.name(kind, id)
	if err := os.WriteFile(name+"~", text, 0o666); err != nil {
		return err
	}
	return os.Rename(name+"~", name)
}

// take reads a file and removes it. There may be none.
func (e exchange) take(kind, id string) (text []byte, ok bool) {
	text, err := os.ReadFile(e.name(kind, id))
	if err != nil {
		return nil, false
	}
	_ = os.Remove(e.name(kind, id)) // its number is not used again
	return text, true
}

const (
	lookEvery = 2 * time.Millisecond   // how often the process that explores looks for files
	pollEvery = time.Millisecond / 2   // the same, of a process that waits
	slice     = 200 * time.Millisecond // how long the partner explores a subtask before it reports
)

// A partner is the other process, as the one that explores the test sees it.
type partner struct {
	exchange
	id     string
	parent int // the command, which notices the partner's end
	start  time.Time
	end    time.Time // of the exploration; zero: no bound
	looked time.Time

	wanted, ready, lost bool

	subtasks int
	open     bool // it has one
}

// newPartner is the partner for the present test; nil if there may be none.
func newPartner(start, end time.Time) *partner {
	if set.shareAfter == 0 {
		return nil
	}
	return &partner{exchange: exchange{set.claims}, id: fmt.Sprint(claimed), parent: os.Getppid(), start: start, end: end}
}

func (p *partner) subtask() string { return fmt.Sprintf("%s-%d", p.id, p.subtasks) }

// Ready reports whether the partner waits for a subtask.
func (p *partner) Ready() bool {
	switch {
	case p.lost || !p.looks() || p.now().Sub(p.start) < set.shareAfter:
		return false
	case !p.wanted:
		p.wanted = true
		p.lost = Strangers() || p.put("want", p.id, fmt.Append(nil, os.Getpid())) != nil
		return false
	case p.open: // of an exploration that was given up
		p.receive()
		return false
	}
	p.ready = p.ready || p.has("ready", p.id)
	p.lost = p.has("gone", p.id)
	return p.ready && !p.lost
}

// looks reports whether it is time to look for files.
func (p *partner) looks() bool {
	now := time.Now()
	if now.Sub(p.looked) < lookEvery {
		return false
	}
	p.looked = now
	return true
}

func (p *partner) now() time.Time { return p.looked }

// Start gives the partner a subtask.
func (p *partner) Start(subtask []byte) {
	p.subtasks++
	p.open = true
	with := byte(0)
	if contexts {
		with = 1
	}
	p.lost = p.put("task", p.subtask(), append([]byte{with}, subtask...)) != nil
}

// Report returns the report on the subtask, if it has come. It is nil if the partner is
// lost.
func (p *partner) Report() (report []byte, ok bool) {
	if !p.lost && !p.looks() {
		return nil, false
	}
	return p.receive()
}

func (p *partner) receive() (report []byte, ok bool) {
	gone := p.lost || p.has("gone", p.id)
	if report, ok = p.take("report", p.subtask()); ok {
		p.open = false
		return report, true
	}
	p.lost = gone
	return nil, gone
}

// Await waits for the report. The partner is lost if it is late.
func (p *partner) Await() []byte {
	for {
		if r, ok := p.receive(); ok {
			return r
		}
		if late := !p.end.IsZero() && time.Now().After(p.end.Add(grace/2)); late || os.Getppid() != p.parent {
			p.lost = true
			return nil
		}
		time.Sleep(pollEvery)
	}
}

// close is called when the test is explored.
func (p *partner) close() {
	if p != nil && p.wanted {
		_ = p.put("end", p.id, nil) // if it fails, the command ends the partner
	}
}

// assist explores subtasks until the test is explored by the other process.
func assist(body func(), late *overrun) {
	e := exchange{set.claims}
	id := fmt.Sprint(set.assists)
	var s *search
	prepare := func(withContexts bool) {
		contexts = withContexts
		s = newSearch(body, time.Time{}, late)
		if s.warmUp() {
			leave()
		}
		contexts = withContexts
	}
	prepare(false)
	if e.put("ready", id, nil) != nil {
		leave()
	}
	parent := os.Getppid()
	for k := 1; !e.has("end", id) && os.Getppid() == parent; {
		text, ok := e.take("task", fmt.Sprintf("%s-%d", id, k))
		if !ok {
			time.Sleep(pollEvery)
			continue
		}
		if with := text[0] == 1; with != contexts {
			prepare(with)
		}
		if e.put("report", fmt.Sprintf("%s-%d", id, k), s.assist(text[1:])) != nil {
			break
		}
		k++
	}
	leave()
}

// leave ends the process. Status 0 would be a panic, because a test is running.
func leave() { os.Exit(1) }

// assist explores a subtask for some time, and returns the report. It does not end by itself
// at a time or at an interrupt: the other process does.
func (s *search) assist(subtask []byte) []byte {
	cfg, begin, was := s.cfg, time.Now(), contexts
	cfg.Deadline, cfg.Stop = time.Time{}, func() bool { return contexts != was }
	cfg.Pause = func() bool { return time.Since(begin) > slice }
	return sched.Continue(cfg, s.execution, subtask)
}
