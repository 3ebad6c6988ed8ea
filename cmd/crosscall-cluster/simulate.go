package main

import (
	"container/heap"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"text/tabwriter"
	"time"

	"crosscall/cmd/internal/cli"

	"github.com/spf13/cobra"
)

func simulateCommand() *cobra.Command {
	var s simulation
	var sizes []int
	var measured int
	cmd := &cobra.Command{
		Use:   "simulate",
		Short: "Say how long work would take on more machines than there are, from what messages cost",
		Long: `Simulate a cluster: workers, the server, and the command that hands out units,
each with what it costs. A corpus is tests of equal length, in units of 32 or fewer. One exploration
begins as one unit. A unit that has had its time while the queue is empty is divided: a part of
what is left, drawn at random, goes to others.

--measure takes the costs of this machine, which should have nothing else to do: one worker does N
units of one small test each. A unit costs the worker the time until it has the next one, and the
server and the command their CPU time.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if s.tests < 1 || s.test <= 0 || s.exploration <= 0 || s.budget <= 0 {
				return cli.Usage(errors.New("--tests, --test, --exploration and --unit must be more than 0"))
			}
			for _, n := range sizes {
				if n < 1 {
					return cli.Usage(fmt.Errorf("--workers %d: must be at least 1", n))
				}
			}
			if measured < 0 {
				return cli.Usage(fmt.Errorf("--measure %d: must not be negative", measured))
			}
			if measured > 0 {
				c, err := measure(cmd.Context(), measured)
				if err != nil {
					return err
				}
				s.costs = c
				fmt.Fprintf(cmd.OutOrStdout(), "measured: --worker-cost %v --server-cost %v --command-cost %v\n", c.worker, c.server, c.command)
			}
			return s.table(cmd.OutOrStdout(), sizes)
		},
	}
	flags := cmd.Flags()
	flags.IntSliceVar(&sizes, "workers", []int{1, 2, 10, 100, 1000}, "simulate `N` workers each")
	flags.IntVar(&s.tests, "tests", 100_000, "a corpus has `N` tests")
	flags.DurationVar(&s.test, "test", 100*time.Millisecond, "how long a test takes")
	flags.DurationVar(&s.exploration, "exploration", 24*time.Hour, "how long one exploration takes on one worker")
	flags.DurationVar(&s.budget, "unit", 500*time.Millisecond, "divide a unit after this time")
	flags.DurationVar(&s.worker, "worker-cost", 2200*time.Microsecond, "a unit costs a worker so much, beside what it is there for")
	flags.DurationVar(&s.server, "server-cost", 670*time.Microsecond, "a unit costs the server so much")
	flags.DurationVar(&s.command, "command-cost", 430*time.Microsecond, "a unit costs the command so much")
	flags.IntVar(&measured, "measure", 0, "measure the three costs by `N` units; some thousands take some seconds")
	return cmd
}

// A simulation has what things cost.
type simulation struct {
	tests             int
	test, exploration time.Duration
	budget            time.Duration
	costs
}

// An outcome is what came of a simulation.
type outcome struct {
	took  time.Duration
	units int
}

func (s *simulation) table(w io.Writer, sizes []int) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "workers\tcorpus\tspeed-up\tunits\texploration\tspeed-up\tunits\t")
	corpusAlone, oneAlone := time.Duration(s.tests)*s.test, s.exploration
	for _, n := range sizes {
		c, e := s.corpus(n), s.explore(n)
		fmt.Fprintf(t, "%d\t%v\t%.1f\t%d\t%v\t%.1f\t%d\t\n", n,
			c.took.Round(time.Second), float64(corpusAlone)/float64(c.took), c.units,
			e.took.Round(time.Second), float64(oneAlone)/float64(e.took), e.units)
	}
	return t.Flush()
}

// corpus simulates tests of equal length.
func (s *simulation) corpus(workers int) outcome {
	size := min(max(s.tests/(8*workers), 1), mostInUnit)
	m := s.machine(workers)
	for left := s.tests; left > 0; left -= size {
		m.send(0, time.Duration(min(size, left))*s.test)
	}
	return m.run(m.whole, nil)
}

// explore simulates one exploration.
func (s *simulation) explore(workers int) outcome {
	m := s.machine(workers)
	m.send(0, s.exploration)
	random := rand.New(rand.NewPCG(1, uint64(workers)))
	return m.run(m.works, func(left time.Duration) (parts []time.Duration) {
		given := time.Duration(float64(left) * (0.2 + 0.7*random.Float64()))
		parts = append(parts, left-given)
		for n := 1 + random.IntN(3); n > 0; n-- {
			part := given
			if n > 1 {
				part = time.Duration(float64(given) * random.Float64())
			}
			parts, given = append(parts, part), given-part
		}
		return parts
	})
}

// A simUnit is a unit: it is on the server from a time on.
type simUnit struct {
	at, length time.Duration
}

// A simMachine is a cluster that is simulated.
type simMachine struct {
	*simulation
	queue   simQueue
	workers timeHeap // when each is free
	server  time.Duration
	command time.Duration
	units   int
	end     time.Duration
}

func (s *simulation) machine(workers int) *simMachine {
	return &simMachine{simulation: s, workers: make(timeHeap, workers)}
}

// send puts a unit on the server, at a time or when the command and the server get to it.
func (m *simMachine) send(at, length time.Duration) {
	m.command = max(m.command, at) + m.costs.command
	m.server = max(m.server, m.command) + m.costs.server
	heap.Push(&m.queue, simUnit{m.server, length})
	m.units++
}

// run does all units, each for as long as works says. divide makes new units of the rest of a
// unit that was cut off.
func (m *simMachine) run(works func(simUnit) time.Duration, divide func(left time.Duration) []time.Duration) outcome {
	for len(m.queue) > 0 {
		u := heap.Pop(&m.queue).(simUnit)
		begin := max(u.at, m.workers[0]) + m.costs.worker
		worked := works(u)
		end := begin + worked
		m.workers[0] = end
		heap.Fix(&m.workers, 0)
		m.end = max(m.end, end+m.costs.server+m.costs.command)
		if left := u.length - worked; left > 0 {
			for _, part := range divide(left) {
				m.send(end, part)
			}
		}
	}
	return outcome{m.end, m.units}
}

// works is how long a worker works on a unit: all of it, or until its time is over and the
// queue is empty, or until it must come to an end.
func (m *simMachine) works(u simUnit) time.Duration {
	if len(m.queue) > 0 {
		return min(u.length, longest)
	}
	return min(u.length, m.budget)
}

func (m *simMachine) whole(u simUnit) time.Duration { return u.length }

type simQueue []simUnit

func (q simQueue) Len() int           { return len(q) }
func (q simQueue) Less(i, j int) bool { return q[i].at < q[j].at }
func (q simQueue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *simQueue) Push(x any)        { *q = append(*q, x.(simUnit)) }
func (q *simQueue) Pop() any {
	u := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return u
}

type timeHeap []time.Duration

func (h timeHeap) Len() int           { return len(h) }
func (h timeHeap) Less(i, j int) bool { return h[i] < h[j] }
func (h timeHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *timeHeap) Push(x any)        { *h = append(*h, x.(time.Duration)) }
func (h *timeHeap) Pop() any          { panic("workers do not leave") }
