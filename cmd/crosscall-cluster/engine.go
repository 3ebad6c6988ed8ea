package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"crosscall/cmd/internal/cli"
	"crosscall/memmodel/audit"
	"crosscall/memmodel/check"
	"crosscall/proofs"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
	"github.com/spf13/pflag"
)

// An engine sends the work of the commands to workers.
type engine struct {
	link    link
	job     string
	workers int
	budget  time.Duration
}

func (e *engine) cli() *cli.Engine {
	return &cli.Engine{Flags: e.register, Check: e.check, Audit: e.audit, Prove: e.prove}
}

func (e *engine) register(flags *pflag.FlagSet) {
	e.link.register(flags)
	flags.StringVar(&e.job, "job", "", "call this job `NAME`: a run that is interrupted goes on where it was, if it is run again")
	flags.IntVar(&e.workers, "workers", runtime.GOMAXPROCS(0), "without --nats, begin `N` workers on this machine")
	flags.DurationVar(&e.budget, "unit", 500*time.Millisecond, "divide a unit of work that takes longer, if workers are without work")
}

var jobName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

func (e *engine) validate() error {
	switch {
	case e.job != "" && !jobName.MatchString(e.job):
		return fmt.Errorf("--job %q: must be of letters, digits, _ and -, 64 at most", e.job)
	case e.job != "" && e.link.url == "":
		return errors.New("--job needs --nats URL: a server of this process does not outlive it")
	case e.workers < 1:
		return fmt.Errorf("--workers %d: must be at least 1", e.workers)
	case e.budget < time.Millisecond:
		return fmt.Errorf("--unit %v: must be at least 1ms", e.budget)
	}
	return e.link.validate()
}

// A session is a job that is open.
type session struct {
	*client
	budget time.Duration
	slots  int
	end    func()

	mu   sync.Mutex
	runs map[*check.Setup]*checkRun
}

// open connects, begins a server and workers if none are named, and opens a job.
func (e *engine) open(ctx context.Context) (*session, error) {
	if err := e.validate(); err != nil {
		return nil, err
	}
	build, err := buildName()
	if err != nil {
		return nil, err
	}
	l, storage, stop := e.link, jetstream.FileStorage, func() {}
	if l.url == "" {
		storage = jetstream.MemoryStorage
		local, err := beginLocal(e.workers)
		if err != nil {
			return nil, err
		}
		l.url, l.token, stop = local.url, local.token, local.stop
	}
	s, err := e.connect(ctx, &l, build, storage)
	if err != nil {
		stop()
		return nil, err
	}
	end := s.end
	s.end = func() {
		end()
		stop()
	}
	return s, nil
}

func (e *engine) connect(ctx context.Context, l *link, build string, storage jetstream.StorageType) (*session, error) {
	nc, err := l.dial("crosscall")
	if err != nil {
		return nil, err
	}
	job := e.job
	if job == "" {
		job = nuid.Next()
	}
	c, err := newClient(ctx, nc, l, build, job, storage)
	if err != nil {
		nc.Close()
		return nil, err
	}
	c.resumes = e.job != ""
	s := &session{client: c, budget: e.budget, runs: map[*check.Setup]*checkRun{}}
	if s.slots, err = s.await(ctx, e.link.url == ""); err != nil {
		c.end(false)
		nc.Close()
		return nil, err
	}
	replies, stop := context.WithCancel(context.Background())
	go c.run(replies)
	s.end = func() {
		stop()
		c.end(e.job != "" && ctx.Err() != nil)
		nc.Close()
	}
	return s, nil
}

// await waits for workers of this build. It refuses workers of another build.
func (s *session) await(ctx context.Context, local bool) (slots int, err error) {
	patience, told := 2*time.Second, false
	for {
		slots, others, err := s.workers(ctx, patience)
		switch {
		case err != nil || slots > 0:
			return slots, err
		case len(others) > 0:
			return 0, fmt.Errorf("%d workers are there, and all are of another build (%s is %s, this is %s): run the same file everywhere",
				len(others), others[0].Name, others[0].Build, s.build)
		case !told && !local:
			told = true
			fmt.Fprintf(os.Stderr, "crosscall-cluster: no worker is there yet; it waits for one: crosscall-cluster worker --nats %s\n", s.link.url)
		}
	}
}

// tuneCollector is for a process that checks, as in crosscall check.
func tuneCollector() {
	debug.SetGCPercent(800)
	debug.SetMemoryLimit(150 << 20)
}

// prove has the cases of questions explored by workers.
func (e *engine) prove(ctx context.Context, o *proofs.Options) (end func(), err error) {
	s, err := e.open(ctx)
	if err != nil {
		return nil, err
	}
	o.Workers = 4 * s.slots
	o.Elsewhere = func(ctx context.Context, setup *check.Setup, job *check.Job, k int) *check.Result {
		r, err := s.one(ctx, setup, job, k)
		if err != nil {
			return &check.Result{Verdict: check.Incomplete, Reason: reasonOf(ctx, err)}
		}
		return r
	}
	return s.end, nil
}

// reasonOf says why a test has no result.
func reasonOf(ctx context.Context, err error) string {
	if ctx.Err() != nil {
		return check.Interrupted
	}
	return err.Error()
}

// audit has the variations of a program explored by workers.
func (e *engine) audit(ctx context.Context, setup *audit.Setup, o *audit.Options) (end func(), err error) {
	s, err := e.open(ctx)
	if err != nil {
		return nil, err
	}
	hash, err := s.keep(ctx, setup)
	if err != nil {
		s.end()
		return nil, err
	}
	o.Workers = max(o.Workers, 4*s.slots)
	o.Elsewhere = func(ctx context.Context, t *audit.Task) (*audit.Answer, error) {
		name, err := nameOf(hash, t)
		if err != nil {
			return nil, err
		}
		r, err := s.do(ctx, &unit{Name: name, Setup: hash, Task: t, Budget: s.budget})
		switch {
		case ctx.Err() != nil:
			return &audit.Answer{Trial: audit.Trial{Outcome: audit.Unknown, Why: check.Interrupted}, Left: t.Open, Why: check.Interrupted}, nil
		case err != nil:
			return nil, err
		}
		return r.Answer, nil
	}
	return s.end, nil
}

// check has tests checked by workers.
func (e *engine) check(ctx context.Context, b *check.Batch) (end func(), err error) {
	if b.Journal != nil {
		return nil, errors.New("--resume keeps results in a file; here --job NAME keeps them on the server")
	}
	s, err := e.open(ctx)
	if err != nil {
		return nil, err
	}
	b.Elsewhere = func(ctx context.Context, done func(int, *check.Row)) error {
		return s.batch(ctx, b, done)
	}
	return s.end, nil
}
