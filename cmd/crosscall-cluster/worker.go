package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"crosscall/cmd/internal/cli"
	"crosscall/memmodel/check"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"
)

func workerCommand() *cobra.Command {
	var l link
	var w worker
	var memory int64
	var withParent bool
	cmd := &cobra.Command{
		Use:   "worker --nats URL",
		Short: "Work on what others check, audit and prove, until it is interrupted",
		Long: `Work on what others check, audit and prove, until it is interrupted. All that
a job needs travels with it: a worker reads no file but those that its own flags
name. It takes jobs of the same build of crosscall-cluster only.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if l.url == "" {
				return cli.Usage(errors.New("a worker needs --nats URL"))
			}
			if err := errors.Join(l.validate(), w.validate(memory)); err != nil {
				return cli.Usage(err)
			}
			w.link, w.limits.memory, w.log = &l, memory<<20, cmd.ErrOrStderr()
			tuneCollector()
			ctx := cmd.Context()
			if withParent {
				ctx = untilParentEnds(ctx)
			}
			return w.run(ctx)
		},
	}
	flags := cmd.Flags()
	l.register(flags)
	flags.IntVar(&w.slots, "slots", runtime.GOMAXPROCS(0), "work on `N` units at a time")
	flags.Int64Var(&memory, "memory", 0, "let no test have more than `MB` megabytes, whatever its job says (0: what that says)")
	flags.DurationVar(&w.limits.time, "time", 0, "let no test take longer, whatever its job says (0: what that says)")
	flags.BoolVar(&w.quiet, "quiet", false, "say nothing of what is done")
	flags.BoolVar(&withParent, withParentFlag, false, "end when standard input ends")
	if err := flags.MarkHidden(withParentFlag); err != nil {
		panic(err) // there is no such flag
	}
	return cmd
}

// A worker takes units and writes their replies.
type worker struct {
	link   *link
	limits limits
	slots  int
	quiet  bool
	log    io.Writer

	name  string
	build string
	js    jetstream.JetStream

	mu        sync.Mutex
	queue     jetstream.Consumer
	executors map[string]*executor // by job
	ends      map[string]context.CancelFunc
	jobs      map[string]context.Context
	units     atomic.Int64
}

func (w *worker) validate(memory int64) error {
	switch {
	case w.slots < 1:
		return fmt.Errorf("--slots %d: must be at least 1", w.slots)
	case memory < 0 || w.limits.time < 0:
		return errors.New("--memory and --time must not be negative")
	}
	return nil
}

// run works until ctx ends.
func (w *worker) run(ctx context.Context) error {
	var err error
	if w.build, err = buildName(); err != nil {
		return err
	}
	host, _ := os.Hostname()
	w.name = fmt.Sprintf("%s/%d", host, os.Getpid())
	w.executors, w.ends, w.jobs = map[string]*executor{}, map[string]context.CancelFunc{}, map[string]context.Context{}
	nc, err := w.link.dial("crosscall worker "+w.name, nats.RetryOnFailedConnect(true))
	if err != nil {
		return err
	}
	defer nc.Close()
	if w.js, err = jetstream.New(nc); err != nil {
		return err
	}
	if err := w.listen(nc); err != nil {
		return err
	}
	w.say("worker %s: build %s, %d slots, %s", w.name, w.build, w.slots, w.link.url)
	var slots sync.WaitGroup
	for range w.slots {
		slots.Go(func() { w.work(ctx) })
	}
	slots.Wait()
	_ = nc.FlushTimeout(time.Second)
	w.say("worker %s: %d units", w.name, w.units.Load())
	return nil
}

func (w *worker) say(format string, args ...any) {
	if !w.quiet {
		fmt.Fprintf(w.log, format+"\n", args...)
	}
}

// listen answers requests for the number of workers, and ends work on jobs that are over.
func (w *worker) listen(nc *nats.Conn) error {
	info, err := json.Marshal(workerInfo{w.build, w.name, w.slots})
	if err != nil {
		return err
	}
	if _, err := nc.Subscribe(askSubject, func(m *nats.Msg) { _ = m.Respond(info) }); err != nil {
		return err
	}
	_, err = nc.Subscribe(endSubject+">", func(m *nats.Msg) { w.forget(strings.TrimPrefix(m.Subject, endSubject)) })
	return err
}

// forget ends work on a job.
func (w *worker) forget(job string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if end := w.ends[job]; end != nil {
		end()
	}
	delete(w.ends, job)
	delete(w.jobs, job)
	delete(w.executors, job)
}

// work takes units, one after the other.
func (w *worker) work(ctx context.Context) {
	for ctx.Err() == nil {
		q, err := w.consumer(ctx)
		if err != nil {
			pause(ctx, 250*time.Millisecond)
			continue
		}
		batch, err := q.Fetch(1, jetstream.FetchMaxWait(5*time.Second), jetstream.FetchHeartbeat(time.Second))
		if err != nil {
			w.lose(err)
			pause(ctx, 250*time.Millisecond)
			continue
		}
		w.each(ctx, batch)
	}
}

// each does the units of a batch.
func (w *worker) each(ctx context.Context, batch jetstream.MessageBatch) {
	for {
		select {
		case m, ok := <-batch.Messages():
			if !ok {
				if err := batch.Error(); err != nil {
					w.lose(err)
					pause(ctx, 250*time.Millisecond)
				}
				return
			}
			w.unit(ctx, m)
		case <-ctx.Done():
			return
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// consumer is where units come from.
func (w *worker) consumer(ctx context.Context) (jetstream.Consumer, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.queue != nil {
		return w.queue, nil
	}
	limited, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := w.link.units(limited, w.js, jetstream.FileStorage); err != nil {
		return nil, err
	}
	q, err := w.link.queue(limited, w.js, w.build)
	if err == nil {
		w.queue = q
	}
	return q, err
}

// lose has the consumer be made anew, if err says that it may be gone.
func (w *worker) lose(err error) {
	if errors.Is(err, nats.ErrTimeout) || errors.Is(err, context.DeadlineExceeded) {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.queue = nil
}

// workIsWanted reports whether there are other workers, busy or waiting, and the server has no
// unit for them. A unit that is divided costs more than one that is not: its parts begin at
// the beginning of the program.
func (w *worker) workIsWanted() bool {
	w.mu.Lock()
	q := w.queue
	w.mu.Unlock()
	if q == nil {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	info, err := q.Info(ctx)
	return err == nil && info.NumPending == 0 && info.NumAckPending+info.NumWaiting > 1
}

// mostDeliveries is how often a unit may be handed out: one that ends each worker which has
// it must not end them all.
const mostDeliveries = 8

// unit does a unit. It is acknowledged when its reply is there, not before.
func (w *worker) unit(ctx context.Context, m jetstream.Msg) {
	u := new(unit)
	job := m.Subject()[strings.LastIndexByte(m.Subject(), '.')+1:]
	if err := json.Unmarshal(m.Data(), u); err != nil {
		_ = m.TermWithReason("no unit")
		return
	}
	ctx, x, err := w.join(ctx, job)
	if err != nil {
		if isGone(err) {
			_ = m.Ack() // the job is over
		} else {
			_ = m.NakWithDelay(time.Second)
		}
		return
	}
	beat := w.beat(ctx, m)
	defer beat()
	deliveries := uint64(1)
	if meta, err := m.Metadata(); err == nil {
		deliveries = meta.NumDelivered
	}
	var r *reply
	switch {
	case (deliveries > 1 || m.Headers().Get(againHeader) != "") && x.store.replied(ctx, u.Name):
		_ = m.Ack()
		return
	case deliveries > mostDeliveries:
		r = &reply{Error: fmt.Sprintf("a unit of work was given up: %d workers had it, and none replied; it may need more memory than they have", mostDeliveries)}
	default:
		r, err = x.do(ctx, u)
	}
	if err == nil {
		r.Worker = w.name
		err = w.reply(ctx, x, u, r)
	}
	switch {
	case err == nil || isGone(err):
		_ = m.Ack()
	default:
		_ = m.Nak() // somebody else does it
	}
	w.units.Add(1)
}

func (w *worker) reply(ctx context.Context, x *executor, u *unit, r *reply) error {
	data, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return x.store.reply(ctx, u.Name, data)
}

// join is the context and the executor of a job. The context ends with the job.
func (w *worker) join(ctx context.Context, job string) (context.Context, *executor, error) {
	w.mu.Lock()
	x, in := w.executors[job], w.jobs[job]
	w.mu.Unlock()
	if x != nil {
		return in, x, nil
	}
	limited, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	s, err := openStore(limited, w.js, job, false, jetstream.FileStorage)
	if err != nil {
		return ctx, nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.executors[job] == nil {
		w.jobs[job], w.ends[job] = context.WithCancel(ctx)
		w.executors[job] = newExecutor(s, w.limits, w.workIsWanted)
	}
	return w.jobs[job], w.executors[job], nil
}

// beat tells the server now and then that a unit is being worked on, until it is ended.
func (w *worker) beat(ctx context.Context, m jetstream.Msg) (end func()) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		tick := time.NewTicker(w.link.ackWait / 4)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				_ = m.InProgress()
			}
		}
	}()
	return cancel
}

// buildName is short for this build: only workers of the same one take its units.
func buildName() (string, error) {
	build, err := check.Build()
	if err != nil {
		return "", err
	}
	return build[:16], nil
}
