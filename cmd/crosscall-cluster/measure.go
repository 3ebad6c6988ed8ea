package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"crosscall/memmodel/check"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
	"golang.org/x/sync/errgroup"
)

// costs are what a unit costs each of those that take part.
type costs struct {
	worker  time.Duration // of the clock: it does nothing else meanwhile
	server  time.Duration // of CPU time
	command time.Duration // of CPU time
}

// smallTest takes so little time that the messages are most of a unit.
const smallTest = "C small\n\n{ }\n\nP0(int *x) { WRITE_ONCE(*x, 1); }\nP1(int *x) { int r = READ_ONCE(*x); }\n\nexists (1:r=1)\n"

// measure has one worker do units of one small test each. There are always units that wait,
// so that the worker is never without one. Worker and server are processes of their own.
func measure(ctx context.Context, units int) (c costs, err error) {
	folder, err := os.MkdirTemp("", "crosscall-cluster-")
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	self, err := os.Executable()
	if err != nil {
		return c, err
	}
	l := &local{token: nuid.Next()}
	server := exec.Command(self, "server", "--listen", "127.0.0.1:0", "--store", folder)
	server.Env = append(os.Environ(), tokenVariable+"="+l.token)
	out, err := server.StdoutPipe()
	if err == nil {
		err = server.Start()
	}
	if err != nil {
		return c, err
	}
	defer func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return c, fmt.Errorf("the server does not begin: %w", err)
	}
	l.url = strings.TrimSpace(line)
	ends, err := beginWorkers(1, l)
	for _, end := range ends {
		defer end()
	}
	if err != nil {
		return c, err
	}
	e := &engine{budget: time.Minute}
	build, err := buildName()
	if err != nil {
		return c, err
	}
	s, err := e.connect(ctx, &link{url: l.url, token: l.token, ackWait: time.Minute}, build, jetstream.FileStorage)
	if err != nil {
		return c, err
	}
	defer s.end()
	return s.measure(ctx, units, server.Process.Pid)
}

// measure does units, twice: first some of them, so that all is read and warm.
func (s *session) measure(ctx context.Context, units, server int) (c costs, err error) {
	r, err := s.newRun(ctx, &check.Setup{Models: []string{"sc"}})
	if err != nil {
		return c, err
	}
	if err := r.small(ctx, -units/10, 0); err != nil {
		return c, err
	}
	mine, its, begin := cpuTime(os.Getpid()), cpuTime(server), time.Now()
	if err := r.small(ctx, 0, units); err != nil {
		return c, err
	}
	n := time.Duration(units)
	c = costs{time.Since(begin) / n, (cpuTime(server) - its) / n, (cpuTime(os.Getpid()) - mine) / n}
	if c.server <= 0 || c.command <= 0 {
		return c, errors.New("the CPU time of a process cannot be measured here, or there were too few units: it takes Linux's /proc")
	}
	return c, nil
}

// small has units done that differ in their number only.
func (r *checkRun) small(ctx context.Context, from, to int) error {
	var all errgroup.Group
	all.SetLimit(64)
	job := &check.Job{Path: "small.litmus", Rel: "small.litmus", Source: []byte(smallTest)}
	for i := from; i < to; i++ {
		all.Go(func() error {
			return r.group(ctx, []*test{{number: i, cell: cell{Job: job}, job: job, done: func(string, *check.Result) {}}})
		})
	}
	return all.Wait()
}

// cpuTime is the CPU time that a process has had; 0 if that is not known.
func cpuTime(pid int) time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), ") ") // behind the name
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(fields[11], 10, 64) // the kernel writes numbers
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * time.Second / 100
}
