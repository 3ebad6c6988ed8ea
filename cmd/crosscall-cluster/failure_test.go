//go:build linux

package main

import (
	"os"
	"syscall"
	"testing"
	"time"
)

// Whatever ends, stops or is cut off in the middle, what is printed is what one machine
// prints: nothing is lost, and nothing counts twice. Each line of the log is a row of the
// table in docs/cluster.md.
func TestFailures(t *testing.T) {
	want, wantCode := here(t, workload(t))
	for _, f := range failures {
		t.Run(f.name, func(t *testing.T) {
			if testing.Short() && f.long {
				t.Skip("takes long")
			}
			t.Parallel()
			c := newCluster(t)
			job := "failures"
			var list []*process
			var p *proxy
			if f.proxied {
				p = newProxy(t, c.addr)
				list = append(list, c.worker("nats://"+p.addr))
			} else {
				list = append(list, c.worker(c.url()))
			}
			list = append(list, c.workers(3)...)
			run := begin(t, append(workload(t), c.flags(job)...)...)
			at := c.awaitReplies(job, f.after, run)
			f.do(c, list, p, &run)
			out, code := run.result(t)
			if out != want || code != wantCode {
				t.Fatalf("exit code %d, want %d; %s\n%s", code, wantCode, differs(out, want), out)
			}
			t.Logf("| %s | after %d replies | the same output, exit code %d |", f.what, at, code)
		})
	}
}

// A failure is something that happens in the middle of a job.
type failure struct {
	name, what string
	after      int // so many replies
	proxied    bool
	long       bool // not with -short
	do         func(c *cluster, workers []*process, p *proxy, run **process)
}

var failures = []failure{
	{"nothing", "nothing", 1, false, false, func(*cluster, []*process, *proxy, **process) {}},
	{"workers", "three of four workers: kill -9; one more begins", 2, false, false, func(c *cluster, w []*process, _ *proxy, _ **process) {
		for _, w := range w[:3] {
			w.kill()
		}
		c.worker(c.url())
	}},
	{"all-workers", "all workers: kill -9; two begin 2 s later", 3, false, true, func(c *cluster, w []*process, _ *proxy, _ **process) {
		for _, w := range w {
			w.kill()
		}
		time.Sleep(2 * time.Second)
		c.workers(2)
	}},
	{"server", "the server: kill -9; it begins again 1 s later", 2, false, false, func(c *cluster, _ []*process, _ *proxy, _ **process) {
		c.server.kill()
		time.Sleep(time.Second)
		c.serve()
	}},
	{"server-and-workers", "the server and two workers: kill -9; the server begins again", 3, false, true, func(c *cluster, w []*process, _ *proxy, _ **process) {
		c.server.kill()
		w[0].kill()
		w[1].kill()
		time.Sleep(500 * time.Millisecond)
		c.serve()
	}},
	{"partition", "one worker is cut off for 3 s, with a unit in hand", 1, true, false, func(_ *cluster, _ []*process, p *proxy, _ **process) {
		p.part()
		time.Sleep(3 * time.Second)
		p.heal()
	}},
	{"slow", "two workers stand still for 3 s (SIGSTOP), and then go on", 1, false, true, func(c *cluster, w []*process, _ *proxy, _ **process) {
		for _, w := range w[:2] {
			_ = w.Process.Signal(syscall.SIGSTOP)
		}
		time.Sleep(3 * time.Second)
		for _, w := range w[:2] {
			_ = w.Process.Signal(syscall.SIGCONT)
		}
	}},
	{"submitter", "the command itself: kill -9; it is run again with the same --job", 3, false, false, func(c *cluster, _ []*process, _ *proxy, run **process) {
		(*run).kill()
		*run = begin(c.t, append(workload(c.t), c.flags("failures")...)...)
	}},
	{"interrupt", "the command: an interrupt; it is run again with the same --job", 2, false, true, func(c *cluster, _ []*process, _ *proxy, run **process) {
		_ = (*run).Process.Signal(os.Interrupt)
		if _, code := (*run).result(c.t); code == 0 {
			c.t.Errorf("exit code %d of a command that was interrupted", code)
		}
		*run = begin(c.t, append(workload(c.t), c.flags("failures")...)...)
	}},
}
