package main

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"crosscall/memmodel/audit"
	"crosscall/memmodel/check"
)

// A unit is what a worker does at a time, as data. Its name is made of what it is: a unit
// that is sent twice is one unit.
type unit struct {
	Name  string
	Setup string      // hash of a check.Setup, or of an audit.Setup
	Cells []cell      `json:",omitempty"`
	Task  *audit.Task `json:",omitempty"`
	// Budget is the time after which a worker gives back what is left, if there are others
	// without work.
	Budget time.Duration
}

// A cell is a test under one model, or a part of its executions.
type cell struct {
	Job   *check.Job  `json:",omitempty"`
	Hash  string      `json:",omitempty"` // of the job, if it is large
	Model int         `json:",omitempty"`
	Part  *check.Part `json:",omitempty"`
	Whole bool        `json:",omitempty"` // it cannot be divided
}

// A reply is what came of a unit.
type reply struct {
	Cells  []cellReply   `json:",omitempty"`
	Answer *audit.Answer `json:",omitempty"`
	Error  string        `json:",omitempty"` // the unit cannot be done
	Worker string        // for progress
}

// A cellReply is a result, or what a part has found and left. If it is neither, the cell
// was not begun.
type cellReply struct {
	Said   string       `json:",omitempty"`
	Result []byte       `json:",omitempty"`
	Found  *check.Found `json:",omitempty"`
	Left   *check.Left  `json:",omitempty"`
	// Error: the part failed. The test is to be done whole, which says what is wrong.
	Error string `json:",omitempty"`
}

// longest is how long a worker works on a unit where no other is without work. What is
// lost with a worker is no more than that, but for tests that cannot be divided.
const longest = 5 * time.Second

// An executor does units of one job.
type executor struct {
	store        *store
	limits       limits
	workIsWanted func() bool // others are without work

	mu     sync.Mutex
	setups map[string]func() (any, error)
	inputs map[string]*input
	order  []string // of inputs, the oldest first
}

// limits are what a worker lets a test have at most; 0 is no limit.
type limits struct {
	memory int64 // in bytes
	time   time.Duration
}

// An input is a job that was read, with its tests.
type input struct {
	*check.Input
	mu     sync.Mutex
	splits map[int]*check.Split // nil: it cannot be divided
}

// mostInputs bounds what an executor remembers.
const mostInputs = 64

func newExecutor(s *store, l limits, workIsWanted func() bool) *executor {
	return &executor{store: s, limits: l, workIsWanted: workIsWanted, setups: map[string]func() (any, error){}, inputs: map[string]*input{}}
}

// do does a unit. It is an error if ctx ends first, or what the unit needs cannot be had.
func (x *executor) do(ctx context.Context, u *unit) (*reply, error) {
	setup, err := x.setup(ctx, u)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil && isGone(err):
		return nil, err
	case err != nil:
		return &reply{Error: err.Error()}, nil
	case u.Task != nil:
		a := setup.(*audit.Worker).Do(ctx, u.Task)
		return &reply{Answer: a}, ctx.Err()
	}
	r, stop := new(reply), x.stop(u.Budget)
	for i := range u.Cells {
		if i > 0 && stop(0) {
			r.Cells = append(r.Cells, cellReply{})
			continue
		}
		c, err := x.cell(ctx, setup.(*check.Checker), &u.Cells[i], stop)
		if err != nil {
			return nil, err
		}
		r.Cells = append(r.Cells, *c)
	}
	return r, ctx.Err()
}

// stop says when to give back what is left.
func (x *executor) stop(budget time.Duration) func(int) bool {
	begin := time.Now()
	next := begin.Add(budget)
	return func(int) bool {
		now := time.Now()
		switch {
		case now.Before(next):
			return false
		case now.Sub(begin) > longest || x.workIsWanted():
			return true
		}
		next = now.Add(budget)
		return false
	}
}

// setup is what u's setup is ready for.
func (x *executor) setup(ctx context.Context, u *unit) (any, error) {
	x.mu.Lock()
	get := x.setups[u.Setup]
	if get == nil {
		get = sync.OnceValues(func() (any, error) { return x.load(ctx, u) })
		x.setups[u.Setup] = get
	}
	x.mu.Unlock()
	v, err := get()
	if err != nil {
		x.mu.Lock()
		delete(x.setups, u.Setup)
		x.mu.Unlock()
	}
	return v, err
}

func (x *executor) load(ctx context.Context, u *unit) (any, error) {
	text, err := x.store.get(ctx, u.Setup)
	if err != nil {
		return nil, err
	}
	if u.Task != nil {
		s := new(audit.Setup)
		if err := json.Unmarshal(text, s); err != nil {
			return nil, err
		}
		s.Check.Memory, s.Check.Timeout = x.limits.of(s.Check.Memory, s.Check.Timeout)
		return s.Worker()
	}
	s := new(check.Setup)
	if err := json.Unmarshal(text, s); err != nil {
		return nil, err
	}
	s.Memory, s.Timeout = x.limits.of(s.Memory, s.Timeout)
	return s.Checker()
}

// of are the limits that a job asks for, if a worker lets it have that.
func (l limits) of(memory int64, timeout time.Duration) (int64, time.Duration) {
	if l.memory > 0 && (memory == 0 || memory > l.memory) {
		memory = l.memory
	}
	if l.time > 0 && (timeout == 0 || timeout > l.time) {
		timeout = l.time
	}
	return memory, timeout
}

// cell checks a test under a model, or explores a part of it.
func (x *executor) cell(ctx context.Context, checker *check.Checker, c *cell, stop func(int) bool) (*cellReply, error) {
	in, err := x.input(ctx, checker, c)
	if err != nil {
		return nil, err
	}
	s := in.split(checker, c.Model)
	if s == nil || c.Whole {
		return whole(ctx, checker, in, c)
	}
	w := &check.Walk{Stop: stop}
	if c.Part != nil {
		w.Part = *c.Part
	}
	f, err := s.Explore(ctx, w)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil && c.Part != nil:
		return &cellReply{Error: err.Error()}, nil
	case err != nil:
		return whole(ctx, checker, in, c)
	case c.Part != nil:
		return &cellReply{Found: f, Left: &w.Left}, nil
	}
	// Often it is all that there is: then the result is known here.
	name, _, _ := s.Next()
	if err := s.Add(name, f, &w.Left); err != nil {
		return nil, err
	}
	in.forget(c.Model)
	if !s.Done() {
		return &cellReply{Said: in.Said(), Found: f, Left: &w.Left}, nil
	}
	return resultReply(in, checker.Finish(s))
}

// whole checks all of a test.
func whole(ctx context.Context, checker *check.Checker, in *input, c *cell) (*cellReply, error) {
	r := checker.Check(ctx, in.Input, c.Model)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return resultReply(in, r)
}

func resultReply(in *input, r *check.Result) (*cellReply, error) {
	data, err := r.MarshalBinary()
	return &cellReply{Said: in.Said(), Result: data}, err
}

// input reads the job of a cell, if it is not the one of a cell before.
func (x *executor) input(ctx context.Context, checker *check.Checker, c *cell) (*input, error) {
	job, key := c.Job, c.Hash
	if job != nil {
		text, err := json.Marshal(job)
		if err != nil {
			return nil, err
		}
		key = hashOf(text)
	}
	key = fmt.Sprintf("%p %s", checker, key)
	x.mu.Lock()
	in := x.inputs[key]
	x.mu.Unlock()
	if in != nil {
		return in, nil
	}
	if job == nil {
		text, err := x.store.get(ctx, c.Hash)
		if err != nil {
			return nil, err
		}
		job = new(check.Job)
		if err := json.Unmarshal(text, job); err != nil {
			return nil, err
		}
	}
	in = &input{Input: checker.Read(ctx, job), splits: map[int]*check.Split{}}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.inputs[key], x.order = in, append(x.order, key)
	if len(x.order) > mostInputs {
		delete(x.inputs, x.order[0])
		x.order = x.order[1:]
	}
	return in, nil
}

// split is the test that in is under number k of the models; nil if it cannot be divided.
func (in *input) split(checker *check.Checker, k int) *check.Split {
	in.mu.Lock()
	defer in.mu.Unlock()
	s, ok := in.splits[k]
	if !ok {
		s, _ = checker.NewSplit(in.Input, k)
		in.splits[k] = s
	}
	return s
}

// forget has the next cell of a test begin anew.
func (in *input) forget(k int) {
	in.mu.Lock()
	defer in.mu.Unlock()
	delete(in.splits, k)
}
