package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"crosscall/cmd/internal/cli"
	"crosscall/cpumask"
	"crosscall/internal/bench"
	"crosscall/internal/topology"

	"github.com/spf13/cobra"
)

type benchFlags struct {
	json bool
	html string
	only []string
	time time.Duration
	cpus string
}

func benchCommand() *cobra.Command {
	var f benchFlags
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure the cost of calls beside the usual alternatives",
		Long: `Measure the cost of calls beside the usual alternatives.

Each measure and its baselines take samples in turn, in one run; the ratio is
that of the medians. Run it on an otherwise idle machine. The measures:

  ` + strings.Join(bench.Names(), "\n  "),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.json, "json", false, "print one JSON object")
	flags.StringVar(&f.html, "html", "", "also write a page with heatmap and distributions to `FILE`")
	flags.StringSliceVar(&f.only, "only", nil, "measure these `NAMES` only, separated by commas")
	flags.DurationVar(&f.time, "time", 2500*time.Millisecond, "how long each measure may take")
	flags.StringVar(&f.cpus, "cpus", "", "measure on these CPUs, a `LIST` such as 0-3,8 (default all that may be used)")
	return cmd
}

func (f *benchFlags) run(cmd *cobra.Command) error {
	options, err := f.options(cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	page, err := openPage(f.html)
	if err != nil {
		return err
	}
	report, err := bench.Run(cmd.Context(), options)
	if err != nil {
		return err
	}
	for _, s := range report.Skipped {
		fmt.Fprintf(cmd.ErrOrStderr(), "crosscall: not measured: %v\n", s)
	}
	if err := errors.Join(f.print(cmd.OutOrStdout(), report), writePage(page, report)); err != nil {
		return err
	}
	if cmd.Context().Err() != nil {
		return errors.New("interrupted: the report has only the measures before")
	}
	return nil
}

func (f *benchFlags) options(stderr io.Writer) (bench.Options, error) {
	if f.time <= 0 {
		return bench.Options{}, cli.Usage(fmt.Errorf("--time %v: must be more than 0", f.time))
	}
	cpus, err := f.parseCPUs()
	if err != nil {
		return bench.Options{}, err
	}
	o := bench.Options{CPUs: cpus, Only: f.only, Time: f.time}
	if cli.IsTerminal(stderr) {
		o.Progress = func(name string) { fmt.Fprintf(stderr, "measuring %s\n", name) }
	}
	if err := o.Validate(); err != nil {
		return bench.Options{}, cli.Usage(err)
	}
	return o, nil
}

func (f *benchFlags) parseCPUs() (cpumask.Mask, error) {
	t, err := topology.Read()
	if err != nil {
		return cpumask.Mask{}, err
	}
	if f.cpus == "" {
		return t.Usable, nil
	}
	cpus, err := cpumask.Parse(f.cpus)
	if err != nil {
		return cpumask.Mask{}, cli.Usage(fmt.Errorf("--cpus: %w", err))
	}
	if !t.Affinity.Empty() && !cpus.Subset(&t.Affinity) {
		return cpumask.Mask{}, cli.Usage(fmt.Errorf("--cpus %v: this process may use CPUs %v", cpus, t.Affinity))
	}
	return cpus, nil
}

func (f *benchFlags) print(w io.Writer, r *bench.Report) error {
	if f.json {
		return r.JSON(w)
	}
	return r.Text(w)
}

// openPage opens the page before anything is measured, so that a missing folder
// is an error at once and not after a minute. The old content stays until the
// page is written.
func openPage(name string) (*os.File, error) {
	if name == "" {
		return nil, nil
	}
	return os.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o666)
}

func writePage(page *os.File, r *bench.Report) error {
	if page == nil {
		return nil
	}
	return errors.Join(page.Truncate(0), r.HTML(page), page.Close())
}
