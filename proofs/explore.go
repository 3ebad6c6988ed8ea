package proofs

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sync"

	"crosscall/memmodel/check"
)

// sources has each source once: some cases have the same program for different
// questions, and it is explored only once.
type sources map[string]*source

// A source is parsed at its first use, and explored once under each model.
type source struct {
	text   string
	c      *Case
	parse  func() (*check.CSource, error)
	mu     sync.Mutex
	result map[string]func() *check.Result // by model
	packed packed
}

func (all sources) source(c *Case) (*source, error) {
	text, err := c.Source()
	if err != nil {
		return nil, err
	}
	key := fmt.Sprintln(text, c.Macros(), c.RaceFree) // maps are printed in order
	if s := all[key]; s != nil {
		return s, nil
	}
	s := &source{text: text, c: c, result: map[string]func() *check.Result{}}
	s.parse = sync.OnceValues(func() (*check.CSource, error) {
		return check.ParseC(c.File(), []byte(text), check.COptions{Defines: c.Macros(), Files: Files()})
	})
	all[key] = s
	return s, nil
}

// explore returns the result for the source under a model.
func (s *source) explore(ctx context.Context, t target, o *Options) *check.Result {
	s.mu.Lock()
	f := s.result[t.Name]
	if f == nil {
		f = sync.OnceValue(func() *check.Result { return s.run(ctx, t, o) })
		s.result[t.Name] = f
	}
	s.mu.Unlock()
	return f()
}

func (s *source) run(ctx context.Context, t target, o *Options) *check.Result {
	if o.Elsewhere != nil {
		return s.runElsewhere(ctx, t, o)
	}
	src, err := s.parse()
	if err != nil {
		return &check.Result{Verdict: check.Error, Err: err}
	}
	test, err := src.Compile(t.Macros, nil)
	if err != nil {
		return &check.Result{Verdict: check.Error, Err: err}
	}
	test.RaceFree = s.c.RaceFree
	return check.Run(ctx, test, t.Model, check.Options{Timeout: o.Timeout, Picture: o.Picture && s.c.fails(t.Name)})
}

// runElsewhere is run where Options say.
func (s *source) runElsewhere(ctx context.Context, t target, o *Options) *check.Result {
	setup, job, err := s.pack(o)
	if err != nil {
		return &check.Result{Verdict: check.Error, Err: err}
	}
	return o.Elsewhere(ctx, setup, job, slices.Index(setup.Models, t.Name))
}

// packed is a source as data, for all models.
type packed struct {
	once  sync.Once
	setup *check.Setup
	job   *check.Job
	err   error
}

func (s *source) pack(o *Options) (*check.Setup, *check.Job, error) {
	p := &s.packed
	p.once.Do(func() {
		p.setup = &check.Setup{Models: models, Defines: s.c.Macros(), Timeout: o.Timeout, Picture: o.Picture && len(s.c.Fails) > 0}
		p.job = &check.Job{Path: s.c.File(), Rel: s.c.File(), Source: []byte(s.text), Files: map[string]string{}, RaceFree: &s.c.RaceFree}
		p.err = fs.WalkDir(Files(), ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || path.Ext(name) != ".h" {
				return err
			}
			text, err := fs.ReadFile(Files(), name)
			p.job.Files[name] = string(text)
			return err
		})
	})
	return p.setup, p.job, p.err
}

// take puts the result of a case into its row.
func (row *Row) take(r *check.Result) {
	row.Verdict, row.Executions, row.Reason, row.Elapsed = r.Verdict, r.Executions, r.Reason, r.Elapsed
	switch {
	case r.Err != nil:
		row.Reason = r.Err.Error()
	case r.Failure != nil:
		row.Reason = r.Failure.String()
	}
	if r.Verdict == check.Fails && r.Picture != nil {
		picture := *r.Picture
		picture.Name = row.Question + ", " + row.Variant + ", under " + row.Model
		row.Picture = &picture
	}
}
