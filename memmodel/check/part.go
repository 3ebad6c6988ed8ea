package check

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/thread"
)

// A Part is a part of the executions of a test, as data. A Walk explores one, and says what
// is left of it.
type (
	Part = explore.Part
	Walk = explore.Walk
	Left = explore.Left
)

// Found is what came of a part of the executions of a test, as data.
type Found struct {
	Positive, Negative int64
	States             *packedStates `json:",omitempty"`
	Flags              []string      `json:",omitempty"` // in the order in which they were found
	Races              []DataRace    `json:",omitempty"`
	Reached            []bool        `json:",omitempty"` // by cover
	BoundHit           bool          `json:",omitempty"`
	Cut                *thread.Cut   `json:",omitempty"`
	Failure            *Failure      `json:",omitempty"`
	Seconds            float64
	Stopped            string `json:",omitempty"` // a limit was reached, and this is not all
}

// A Failure is what goes wrong in an execution.
type Failure = explore.Failure

// explorePart explores the part of x.walk.
func (x *run) explorePart() error {
	x.final = newFinal(x.test.Prog.Cells, x.test.Observed, x.test.Cond)
	r := x.result
	c, take := explore.Config{Filter: x.test.Filter}, x.take
	r.states = newStateSet(len(x.test.Observed))
	if x.test.Safety {
		c, take = explore.Config{OfAlike: !x.options.NoSymmetry}, x.takeSafe
		r.states = newStateSet(0)
		r.Covers = newCovers(x.test.Covers)
	}
	stats, err := x.run(c, take)
	x.stats = stats
	return err
}

// found is what a part has found.
func (x *run) found() *Found {
	r := x.result
	f := &Found{
		Positive: r.Positive, Negative: r.Negative, States: r.states.pack(), Flags: r.Flags, Races: r.Races,
		BoundHit: x.stats.BoundHit, Cut: x.stats.Cut, Failure: r.Failure,
	}
	for _, c := range r.Covers {
		f.Reached = append(f.Reached, c.Status == Reached)
	}
	return f
}

// add adds what a part has found.
func (x *run) add(f *Found) {
	r := x.result
	r.Positive += f.Positive
	r.Negative += f.Negative
	r.states.addPacked(f.States)
	r.addFlags(f.Flags)
	for _, race := range f.Races {
		if i, known := slices.BinarySearchFunc(r.Races, race, compareRaces); !known {
			r.Races = slices.Insert(r.Races, i, race)
		}
	}
	for i, reached := range f.Reached {
		if reached {
			r.Covers[i].Status = Reached
		}
	}
	x.stats.BoundHit, x.stats.Cut = x.stats.BoundHit || f.BoundHit, x.stats.Cut.First(f.Cut)
	r.Failure = cmp.Or(r.Failure, f.Failure)
	r.Elapsed += time.Duration(f.Seconds * float64(time.Second))
}

// A Split is a test under one model whose executions are explored in parts. Its result is
// that of one exploration: what counts is what one worker would have come to, in its order.
type Split struct {
	run      run
	division *explore.Division
	parts    map[string]Part // by run, those that were handed out
	done     []runOfPart
	fails    []int // the position of the first failure; nil: there is none
	stopped  string
	livelock string // the run that looks for a livelock again
}

// A runOfPart is one that has come to its end.
type runOfPart struct {
	name  string
	part  Part
	at    []int
	found *Found
	late  bool // it would have looked for a livelock
	looks bool // it has
	nodes int
}

// NewSplit is of an input under number k of the models, of which nothing is explored yet.
// ok is false if the test is of a kind that is not divided, or cannot be read: Check does it.
func (c *Checker) NewSplit(x *Input, k int) (s *Split, ok bool) {
	if x.stopped != "" || x.err != nil || c.batch.Options.VerdictOnly || c.batch.Options.Picture {
		return nil, false
	}
	test, err := c.compile(x, k)
	if err != nil || len(test.Alternatives) > 0 {
		return nil, false
	}
	s = &Split{division: explore.NewDivision(), parts: map[string]Part{}}
	s.run = run{ctx: context.Background(), test: test, model: c.target(x, k).model, options: c.options()}
	s.run.result = newResult(test, s.run.model, s.run.options)
	s.run.result.File = x.file.Path
	return s, true
}

// Explore explores a part of the test's executions. It may be a part of another Split of
// the same test, and changes nothing here. After an error Check has to do the test.
func (s *Split) Explore(ctx context.Context, w *Walk) (*Found, error) {
	limited, stop := s.run.options.Limit(ctx)
	defer stop()
	p := run{ctx: limited, test: s.run.test, model: s.run.model, options: s.run.options, walk: w}
	p.result = newResult(p.test, p.model, p.options)
	begin := time.Now()
	err := guard(p.explorePart)
	stopped := ""
	switch {
	case errors.Is(err, explore.ErrStop):
	case err != nil && limited.Err() != nil && ctx.Err() == nil:
		stopped = StopReason(limited, p.options)
	case err != nil:
		return nil, err
	}
	f := p.found()
	f.Seconds, f.Stopped = time.Since(begin).Seconds(), stopped
	return f, nil
}

// Next takes a run of a part that can begin, with a name of its own. ok is false if there is
// none until more is added.
func (s *Split) Next() (name string, p Part, ok bool) {
	if s.livelock != "" {
		name, p, s.livelock = s.livelock, s.parts[s.livelock], ""
		return name, p, true
	}
	if name, p, ok = s.division.Next(); ok {
		s.parts[name] = p
	}
	return name, p, ok
}

// again is behind the name of a run that looks for a livelock.
const again = "-again"

// Add adds what a run has found and left. It is an error if that is not expected, or was
// added before.
func (s *Split) Add(name string, f *Found, l *Left) error {
	p, ok := s.parts[name]
	if !ok {
		return errors.New("run " + name + " of a part is not expected")
	}
	delete(s.parts, name)
	s.stopped = cmp.Or(s.stopped, f.Stopped)
	if first, ok := strings.CutSuffix(name, again); ok {
		i := slices.IndexFunc(s.done, func(r runOfPart) bool { return r.name == first })
		s.done = slices.Delete(s.done, i, i+1)
	} else if err := s.division.Add(name, l); err != nil {
		return err
	}
	r := runOfPart{name: name, part: p, at: l.From, found: f, late: l.Late, looks: l.Looked, nodes: l.Nodes}
	i, _ := slices.BinarySearchFunc(s.done, r.at, func(r runOfPart, at []int) int { return slices.Compare(r.at, at) })
	s.done = slices.Insert(s.done, i, r)
	if f.Failure != nil && (s.fails == nil || slices.Compare(r.at, s.fails) < 0) {
		s.fails = append([]int{}, r.at...)
	}
	if s.fails != nil {
		s.division.Drop(s.fails)
	}
	if s.isThrough() {
		s.lookForLivelock()
	}
	return nil
}

// isThrough reports whether nothing is left that comes before the first failure.
func (s *Split) isThrough() bool {
	if s.fails == nil {
		return s.division.Done()
	}
	return !s.division.Before(s.fails)
}

// lookForLivelock has the first run which would have looked for a livelock do it, if none
// before it did: one worker looks for one once.
func (s *Split) lookForLivelock() {
	for _, r := range s.done {
		if r.looks || s.fails != nil && slices.Compare(r.at, s.fails) > 0 {
			return
		}
		if r.late {
			r.part.Late, r.part.Most = false, max(1, r.nodes)
			s.livelock = r.name + again
			s.parts[s.livelock] = r.part
			return
		}
	}
}

// Done reports whether the result is known.
func (s *Split) Done() bool {
	return s.stopped != "" || s.livelock == "" && s.isThrough() && !s.looksAgain()
}

func (s *Split) looksAgain() bool {
	for name := range s.parts {
		if strings.HasSuffix(name, again) {
			return true
		}
	}
	return false
}

// Stop gives up for a reason: what was found so far is the result, as incomplete.
func (s *Split) Stop(reason string) { s.stopped = cmp.Or(s.stopped, reason) }

// TimedOut is the reason of what takes longer than Options.Timeout.
func TimedOut(limit time.Duration) string { return fmt.Sprintf("timeout: more than %v", limit) }

// Interrupted is the reason of what ends because its user wants it to.
const Interrupted = interrupted

// Finish is what came of all parts of a Split: the result of its test. It is called once.
func (c *Checker) Finish(s *Split) *Result { return s.finish(c.batch.KeepStates) }

func (s *Split) finish(keepStates bool) *Result {
	x := &s.run
	r := x.result
	x.final = newFinal(x.test.Prog.Cells, x.test.Observed, x.test.Cond)
	r.states = newStateSet(len(x.test.Observed))
	if x.test.Safety {
		r.states = newStateSet(0)
		r.addFlags(x.test.Flags)
		r.Covers = newCovers(x.test.Covers)
	}
	for _, done := range s.done {
		if s.fails != nil && slices.Compare(done.at, s.fails) > 0 {
			break
		}
		x.add(done.found)
	}
	if r.Failure != nil {
		x.stats.BoundHit = false
	}
	if err := s.conclude(); err != nil {
		return r.fail(err)
	}
	if !keepStates {
		r.DropStates()
	}
	return r
}

func (s *Split) conclude() error {
	x := &s.run
	r := x.result
	if !x.test.Safety {
		slices.Sort(r.Flags)
	}
	if err := x.conclude(x.stats, nil); err != nil {
		return err
	}
	if s.stopped != "" && r.Failure == nil {
		r.Complete, r.Reason = false, s.stopped
		r.Verdict = decide(x.test.Quant, r.Positive, r.Negative, false)
		r.Observation = observe(r.Positive, r.Negative, false)
	}
	if x.test.Safety {
		r.safeEnd()
		return nil
	}
	return x.vacuous()
}
