package main

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"crosscall/memmodel/check"

	"golang.org/x/sync/errgroup"
)

// nameOf derives a unit's name from its content. Every process gives the same unit the same
// name.
func nameOf(list ...any) (string, error) {
	text, err := json.Marshal(list)
	return hashOf(text), err
}

// A checkRun sends the tests of one setup to workers.
type checkRun struct {
	*session
	checker *check.Checker // for what is put together here
	setup   string         // its hash
	timeout time.Duration
	note    func(executions int64)
}

// A test is a job under one model, with a function that receives its result.
type test struct {
	number int
	cell   cell
	job    *check.Job
	done   func(said string, r *check.Result)
}

func (s *session) newRun(ctx context.Context, setup *check.Setup) (*checkRun, error) {
	checker, err := setup.Checker()
	if err != nil {
		return nil, err
	}
	hash, err := s.keep(ctx, setup)
	return &checkRun{session: s, checker: checker, setup: hash, timeout: setup.Timeout, note: func(int64) {}}, err
}

// one checks a job under number k of the models of a setup.
func (s *session) one(ctx context.Context, setup *check.Setup, job *check.Job, k int) (result *check.Result, err error) {
	r, err := s.runOf(ctx, setup)
	if err != nil {
		return nil, err
	}
	t := &test{job: job, done: func(_ string, r *check.Result) { result = r }}
	if t.cell, err = r.cellOf(ctx, job); err != nil {
		return nil, err
	}
	t.cell.Model = k
	err = r.group(ctx, []*test{t})
	return result, err
}

// runOf is the run of a setup, which is made once.
func (s *session) runOf(ctx context.Context, setup *check.Setup) (*checkRun, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.runs[setup]; r != nil {
		return r, nil
	}
	r, err := s.newRun(ctx, setup)
	if err == nil {
		s.runs[setup] = r
	}
	return r, err
}

// mostInline is the largest job, in bytes, that is sent within its unit. A larger one is put
// into the store.
const mostInline = 8 << 10

// cellOf is the cell of a job under the first model.
func (r *checkRun) cellOf(ctx context.Context, job *check.Job) (c cell, err error) {
	text, err := json.Marshal(job)
	if err != nil {
		return c, err
	}
	if len(text) <= mostInline {
		return cell{Job: job}, nil
	}
	hash, err := r.store.put(ctx, text)
	return cell{Hash: hash}, err
}

// mostAtOnce bounds the tests that are with workers at a time.
const mostAtOnce = 2048

// mostInUnit bounds the tests of a unit.
const mostInUnit = 32

// batch checks the files of b on workers, and makes its rows.
func (s *session) batch(ctx context.Context, b *check.Batch, done func(int, *check.Row)) error {
	setup, err := b.Setup()
	if err != nil {
		return err
	}
	r, err := s.newRun(ctx, setup)
	if err != nil {
		return err
	}
	r.note = b.Note
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	g := &grouper{run: r, ctx: ctx, fail: cancel, slots: make(chan struct{}, mostAtOnce)}
	g.size = min(max(len(b.Files)*r.checker.Models()/(8*s.slots), 1), mostInUnit)
	for i, f := range b.Files {
		if ctx.Err() != nil {
			break
		}
		job, err := b.Job(f)
		if err != nil {
			done(i, b.Unread(f, err))
			continue
		}
		g.add(i, job, func(row *check.Row) { done(i, row) })
	}
	g.flush()
	g.running.Wait()
	return errors.Join(context.Cause(ctx))
}

// A grouper puts several tests into one unit, because most tests take less time than a
// message.
type grouper struct {
	run     *checkRun
	ctx     context.Context
	fail    context.CancelCauseFunc
	size    int
	slots   chan struct{}
	running sync.WaitGroup
	tests   []*test
	bytes   int
}

// add adds a job under each model. done gets its row.
func (g *grouper) add(number int, job *check.Job, done func(*check.Row)) {
	c, err := g.run.cellOf(g.ctx, job)
	if err != nil {
		g.fail(err)
		return
	}
	row := &check.Row{File: check.File{Path: job.Path, Rel: job.Rel}, Results: make([]*check.Result, g.run.checker.Models())}
	var mu sync.Mutex
	left := len(row.Results)
	for k := range row.Results {
		c.Model = k
		g.put(&test{number: number, cell: c, job: job, done: func(said string, r *check.Result) {
			mu.Lock()
			defer mu.Unlock()
			row.Results[k] = r
			if said != "" {
				row.Said = said
			}
			if left--; left == 0 {
				done(row)
			}
			<-g.slots
		}})
	}
}

func (g *grouper) put(t *test) {
	select {
	case g.slots <- struct{}{}:
	default: // those that are to be done before need what is collected
		g.flush()
		select {
		case g.slots <- struct{}{}:
		case <-g.ctx.Done():
			return
		}
	}
	g.tests, g.bytes = append(g.tests, t), g.bytes+len(t.job.Source)
	if len(g.tests) >= g.size || g.bytes > g.run.store.most/4 {
		g.flush()
	}
}

// flush sends the collected tests.
func (g *grouper) flush() {
	tests := g.tests
	g.tests, g.bytes = nil, 0
	if len(tests) == 0 {
		return
	}
	g.running.Go(func() {
		if err := g.run.group(g.ctx, tests); err != nil && g.ctx.Err() == nil {
			g.fail(err)
		}
	})
}

// group sends tests in one unit. A worker whose time is over leaves some of them; these are
// sent again, in two units.
func (r *checkRun) group(ctx context.Context, tests []*test) error {
	replies, err := r.send(ctx, tests)
	if err != nil {
		return err
	}
	var all errgroup.Group
	var rest []*test
	for i, t := range tests {
		c := &replies[i]
		switch {
		case c.Result != nil:
			all.Go(func() error { return r.finish(t, c) })
		case c.Found != nil:
			all.Go(func() error { return r.divide(ctx, t, c) })
		default:
			rest = append(rest, t)
		}
	}
	for _, half := range [][]*test{rest[:len(rest)/2], rest[len(rest)/2:]} {
		if len(half) > 0 {
			all.Go(func() error { return r.group(ctx, half) })
		}
	}
	return all.Wait()
}

// send has a unit of tests done.
func (r *checkRun) send(ctx context.Context, tests []*test) ([]cellReply, error) {
	u := &unit{Setup: r.setup, Budget: r.budget}
	var numbers []int
	for _, t := range tests {
		u.Cells = append(u.Cells, t.cell)
		numbers = append(numbers, t.number)
	}
	var err error
	if u.Name, err = nameOf(r.setup, u.Cells, numbers); err != nil {
		return nil, err
	}
	reply, err := r.do(ctx, u)
	if err != nil {
		return nil, err
	}
	if len(reply.Cells) != len(tests) {
		return nil, errors.New("a reply is not that of its unit")
	}
	return reply.Cells, nil
}

// finish delivers the result of a test.
func (r *checkRun) finish(t *test, c *cellReply) error {
	result := new(check.Result)
	if err := result.UnmarshalBinary(c.Result); err != nil {
		return err
	}
	r.note(result.Executions)
	t.done(c.Said, result)
	return nil
}

// A runReply is the reply to a run of a part.
type runReply struct {
	name string
	cell *cellReply
	err  error
}

// divide explores a long test in parts, many at a time.
func (r *checkRun) divide(ctx context.Context, t *test, first *cellReply) error {
	in := r.checker.Read(ctx, t.job)
	s, ok := r.checker.NewSplit(in, t.cell.Model)
	if !ok {
		return errors.New(t.job.Path + ": a worker divided what cannot be divided here")
	}
	name, _, _ := s.Next()
	if err := s.Add(name, first.Found, first.Left); err != nil {
		return err
	}
	r.note(first.Found.Positive + first.Found.Negative)
	ended, end := context.WithCancel(ctx)
	defer end()
	replies := make(chan runReply)
	late := r.late(ended, first)
	for !s.Done() {
		for name, p, ok := s.Next(); ok; name, p, ok = s.Next() {
			go func() {
				c, err := r.part(ended, t, name, p)
				select {
				case replies <- runReply{name, c, err}:
				case <-ended.Done():
				}
			}()
		}
		select {
		case <-ctx.Done():
			s.Stop(check.Interrupted)
		case <-late:
			s.Stop(check.TimedOut(r.timeout))
		case x := <-replies:
			switch {
			case ctx.Err() != nil:
			case x.err != nil:
				return x.err
			case x.cell.Error != "":
				end()
				return r.whole(ctx, t)
			default:
				r.note(x.cell.Found.Positive + x.cell.Found.Negative)
				if err := s.Add(x.name, x.cell.Found, x.cell.Left); err != nil {
					return err
				}
			}
		}
	}
	end()
	t.done(first.Said, r.checker.Finish(s))
	return nil
}

// late returns a channel that receives a value when the time of a test is over.
func (r *checkRun) late(ctx context.Context, first *cellReply) <-chan time.Time {
	if r.timeout <= 0 {
		return nil
	}
	return time.After(max(0, r.timeout-time.Duration(first.Found.Seconds*float64(time.Second))))
}

// part sends a run of a part to a worker.
func (r *checkRun) part(ctx context.Context, t *test, name string, p check.Part) (*cellReply, error) {
	c := t.cell
	c.Part = &p
	u := &unit{Setup: r.setup, Budget: r.budget, Cells: []cell{c}}
	var err error
	if u.Name, err = nameOf(r.setup, t.cell, t.number, name); err != nil {
		return nil, err
	}
	reply, err := r.do(ctx, u)
	if err != nil {
		return nil, err
	}
	if len(reply.Cells) != 1 || reply.Cells[0].Found == nil && reply.Cells[0].Error == "" {
		return nil, errors.New("a reply is not that of its unit")
	}
	return &reply.Cells[0], nil
}

// whole sends a test that cannot be divided.
func (r *checkRun) whole(ctx context.Context, t *test) error {
	again := *t
	again.cell.Whole = true
	return r.group(ctx, slices.Clip([]*test{&again}))
}
