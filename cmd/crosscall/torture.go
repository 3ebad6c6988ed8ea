package main

import (
	"errors"
	"fmt"
	"time"

	"crosscall"
	"crosscall/cmd/internal/cli"
	"crosscall/cpumask"
	"crosscall/internal/torture"

	"github.com/spf13/cobra"
)

type tortureFlags struct {
	time        time.Duration
	cpus        int
	virtual     bool
	seed        uint64
	singleQueue bool
	shared      bool
}

func tortureCommand() *cobra.Command {
	var f tortureFlags
	cmd := &cobra.Command{
		Use:   "torture",
		Short: "Make random calls of all kinds, and check the guarantees",
		Long: `Make random calls of all kinds from everywhere, while masks change, CPUs go
offline and come back, functions panic and contexts end; and check that every
function ran on the CPU that was asked for, once, in order, alone on its CPU. It
follows the Linux kernel's scftorture.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	flags := cmd.Flags()
	flags.DurationVar(&f.time, "time", time.Minute, "duration of the run")
	flags.IntVar(&f.cpus, "cpus", 0, "`N` CPUs: the first that may be used (default all)")
	flags.BoolVar(&f.virtual, "virtual", false, "number the CPUs 0 to N-1, even if the machine has fewer")
	flags.Uint64Var(&f.seed, "seed", 0, "`SEED` of all random choices (default: one is drawn)")
	flags.BoolVar(&f.singleQueue, "single-queue", false, "carry calls by one queue for each CPU")
	flags.BoolVar(&f.shared, "shared", false, "carry calls to many by the shared list")
	return cmd
}

func (f *tortureFlags) run(cmd *cobra.Command) error {
	if f.time <= 0 {
		return cli.Usage(fmt.Errorf("--time %v: must be more than 0", f.time))
	}
	system, err := f.system()
	if err != nil {
		return err
	}
	report, err := torture.Run(cmd.Context(), torture.Options{System: system, Time: f.time, Seed: f.seed})
	return errors.Join(err, report.Text(cmd.OutOrStdout()))
}

func (f *tortureFlags) system() (o crosscall.Options, err error) {
	if f.singleQueue {
		o.One = crosscall.SingleQueue
	}
	if f.shared {
		o.Many = crosscall.Shared
	}
	o.Virtual = f.virtual
	o.CPUs, err = f.mask()
	return o, err
}

func (f *tortureFlags) mask() (cpumask.Mask, error) {
	switch {
	case f.cpus < 0 || f.cpus > cpumask.Max:
		return cpumask.Mask{}, cli.Usage(fmt.Errorf("--cpus %d: it must be 1 to %d", f.cpus, cpumask.Max))
	case f.virtual && f.cpus == 0:
		return cpumask.Mask{}, cli.Usage(errors.New("--virtual needs --cpus"))
	case f.virtual:
		return cpumask.Range(0, f.cpus-1), nil
	case f.cpus == 0:
		return cpumask.Mask{}, nil
	}
	usable, err := new(benchFlags).parseCPUs()
	if err != nil {
		return cpumask.Mask{}, err
	}
	if f.cpus > usable.Weight() {
		return cpumask.Mask{}, cli.Usage(fmt.Errorf("--cpus %d: this process may use CPUs %v; more need --virtual", f.cpus, usable))
	}
	var first cpumask.Mask
	for cpu := range usable.All() {
		if first.Weight() < f.cpus {
			first.Set(cpu)
		}
	}
	return first, nil
}
