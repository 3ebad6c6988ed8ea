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

// A Part is a part of the executions of a test, as data. A Walk explores a Part. Left is
// the rest that it did not explore.
type (
	Part = explore.Part
	Walk = explore.Walk
	Left = explore.Left
)

// Found has the results of a part of the executions of a test, as data.
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
	Stopped            string `json:",omitempty"` // the limit that ended the part early
}

// A Failure says what is wrong with an execution, such as an assertion that fails.
type Failure = explore.Failure

// explorePart explores the part of x.walk.
func (x *run) explorePart() error {
	x.final = newFinal(x.test.Prog.Cells, x.test.Observed, x.test.Cond)
	r := x.result
	c, take := explore.Config{Filter: x.test.Filter, Flagged: x.takeFlagged}, x.take
	r.states = newStateSet(len(x.test.Observed))
	if x.test.Safety {
		c, take = explore.Config{OfAlike: !x.options.NoSymmetry, Flagged: x.takeSafeFlagged}, x.takeSafe
		r.states = newStateSet(0)
		r.Covers = newCovers(x.test.Covers)
	}
	if x.drawsRace {
		c.Flagged, take = x.untilDrawn(c.Flagged), x.untilDrawn(take)
	}
	stats, err := x.run(c, take)
	x.stats = stats
	return err
}

// untilDrawn is take, which ends the exploration once there is a picture.
func (x *run) untilDrawn(take func(*explore.Execution) error) func(*explore.Execution) error {
	return func(e *explore.Execution) error {
		if err := take(e); err != nil || x.result.Picture != nil {
			return cmp.Or(err, explore.ErrStop)
		}
		return nil
	}
}

// found returns the results of a part.
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

// add adds the results of a part.
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

// A Split is a test under one model whose executions are explored in parts. Its result
// equals that of a single worker: parts after the first failure, in the order of a single
// worker, do not count.
type Split struct {
	run      run
	division *explore.Division
	parts    map[string]Part // the parts that were handed out, by the name of their run
	done     []runOfPart
	fails    []int // the position of the first failure; nil: there is none
	stopped  string
	livelock string // the name of a run to hand out, which repeats a part to search for a livelock
}

// A runOfPart is a finished run.
type runOfPart struct {
	name  string
	part  Part
	at    []int
	found *Found
	late  bool // it would have searched for a livelock, but for Part.Late
	looks bool // it searched for one
	nodes int
}

// NewSplit makes a Split of an input under model number k. ok is false if the test cannot be
// read or divided. Then the caller uses Check.
func (c *Checker) NewSplit(x *Input, k int) (s *Split, ok bool) {
	if x.stopped != "" || x.err != nil {
		return nil, false
	}
	test, err := c.compile(x, k)
	if err != nil || len(test.Alternatives) > 0 || !test.Safety && (c.batch.Options.VerdictOnly || c.batch.Options.Picture) {
		return nil, false
	}
	s = &Split{division: explore.NewDivision(), parts: map[string]Part{}}
	s.run = run{ctx: context.Background(), test: test, model: c.target(x, k).model, options: c.options()}
	s.run.result = newResult(test, s.run.model, s.run.options)
	s.run.result.File = x.file.Path
	return s, true
}

// Explore explores a part of the test's executions. The part may belong to another Split of
// the same test. Explore does not change s. After an error the caller uses Check.
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

// Next returns the next part that can be explored, and a unique name for this run. ok is
// false if there is none before the next Add.
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

// again ends the name of a run that repeats a part to search for a livelock.
const again = "-again"

// Add adds the results of a run and the rest of its part. Each name that Next returned is
// added once; another name is an error.
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

// isThrough reports whether everything before the first failure is explored.
func (s *Split) isThrough() bool {
	if s.fails == nil {
		return s.division.Done()
	}
	return !s.division.Before(s.fails)
}

// lookForLivelock repeats the first run that would have searched for a livelock, unless an
// earlier run searched: a single worker searches once.
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

// Stop ends the exploration early. The result is that of the parts so far, with verdict
// incomplete and this reason.
func (s *Split) Stop(reason string) { s.stopped = cmp.Or(s.stopped, reason) }

// TimedOut returns the reason of a result that takes longer than Options.Timeout.
func TimedOut(limit time.Duration) string { return fmt.Sprintf("timeout: more than %v", limit) }

// Interrupted is the reason of a result that its user interrupted.
const Interrupted = interrupted

// Finish returns the result of a test from all parts of its Split. It is called once.
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
	if x.options.Picture {
		s.draw()
	}
	if !keepStates {
		r.DropStates()
	}
	return r
}

// draw explores the part of the first execution that a single worker draws once more, up to
// that execution. Parts have no pictures, because nearly all would be of no use.
func (s *Split) draw() {
	r := s.run.result
	i := slices.IndexFunc(s.done, func(part runOfPart) bool {
		return part.found.Failure != nil || r.Failure == nil && len(part.found.Races) > 0
	})
	if i < 0 {
		return
	}
	limited, stop := s.run.options.Limit(context.Background())
	defer stop()
	again := run{ctx: limited, test: s.run.test, model: s.run.model, options: s.run.options, walk: &Walk{Part: s.done[i].part}}
	again.result = newResult(again.test, again.model, again.options)
	again.drawsRace = r.Failure == nil
	err := guard(again.explorePart)
	r.Picture = again.result.Picture
	switch {
	case r.Picture != nil:
	case limited.Err() != nil:
		r.NoPicture = StopReason(limited, s.run.options)
	case err != nil:
		r.NoPicture = err.Error()
	}
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
