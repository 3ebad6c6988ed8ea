package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	hardware "crosscall/cmd/crosscall/internal/run"
	"crosscall/cmd/internal/cli"
	"crosscall/memmodel/check"
	"crosscall/memmodel/native"
	"crosscall/viewer"
	"crosscall/viewer/printable"

	"github.com/spf13/cobra"
)

type runFlags struct {
	options  hardware.Options
	affinity string
	memory   string
	barrier  string
	runs     int

	model   string
	timeout time.Duration

	json      bool
	histogram bool
	resume    string
	html      string
}

func runCommand() *cobra.Command {
	f := runFlags{options: hardware.Default}
	cmd := &cobra.Command{
		Use:   "run [flags] FILE|DIR|@LIST|-...",
		Short: "Run litmus tests on the CPUs of this machine, and count the outcomes",
		Long: `Run litmus tests on the CPUs of this machine, and count the outcomes, as litmus7
does. Tests are those of check: C litmus tests, and tests in the machine's
assembly. The table of the machine's model (x86-tso, armv8) says which
instructions the primitives of C are. No compiler is needed. A test of N threads
needs N CPUs.

The output is litmus7's, without the Hash line. With --model each state has
beside it "allowed, seen", "allowed, not seen" or "FORBIDDEN, SEEN". --model
alone is the model of the machine; --model=NAME is another one, or a cat file.

Where the condition is never seen, a variant without fences, acquires and
releases is run too. The line "Unfenced" says how often the variant shows the
condition. Only if it does can the fences be why the test does not.

Several tests make a table, a row for each. A slice in which a thread was
descheduled is not counted.

The exit code is 0 if nothing that the model forbids was seen, and 1 if something
was. It is 3 if a test was interrupted, could not be run here, or has states that
are not known under the model. It is 2 for an input or a command line that is wrong.`,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	flags := cmd.Flags()
	flags.IntVar(&f.options.Size, "size", f.options.Size, "run `N` instances of the test in a slice")
	flags.IntVar(&f.runs, "runs", f.options.Runs, "run `N` slices (without a limit if --time is given alone)")
	flags.DurationVar(&f.options.Time, "time", 0, "end a test after this time")
	flags.IntVar(&f.options.Stride, "stride", f.options.Stride, "go through the instances by steps of `N`")
	flags.StringVar(&f.affinity, "affinity", "incr", "which thread runs on which CPU: incr, random, or a `LIST` such as 1,0")
	flags.StringVar(&f.memory, "memory", "direct", "`WHERE` variables are: direct, next to each other; indirect, anywhere, reached by a table of addresses")
	flags.BoolVar(&f.options.Preload, "preload", f.options.Preload, "touch or flush variables at random before a thread starts")
	flags.StringVar(&f.barrier, "barrier", string(f.options.Barrier), "`HOW` threads start together: timebase, user, userfence or none")
	flags.Int64Var(&f.options.Delay, "delay", f.options.Delay, "timebase: start so many `TICKS` of the clock after the threads have agreed (0: some 600 ns, more where threads come too late)")
	flags.IntVar(&f.options.Jitter, "jitter", f.options.Jitter, "timebase: a thread starts up to 2^`BITS`-1 ticks later, at random (-1: some 12 ns)")
	flags.DurationVar(&f.options.Gap, "gap", f.options.Gap, "a thread that does not read the clock for this long counts as descheduled")
	flags.Uint64Var(&f.options.Seed, "seed", f.options.Seed, "`SEED` of all random choices")
	flags.StringVar(&f.model, "model", "", "say of each state whether this model allows it: a `NAME` (see check --list-models) or a cat file; alone: the model of the machine")
	flags.Lookup("model").NoOptDefVal = machineModel
	flags.DurationVar(&f.timeout, "timeout", 20*time.Second, "give up on the states of a test under the model after this time")
	flags.BoolVar(&f.json, "json", false, "print a line of JSON for each test")
	flags.BoolVar(&f.histogram, "histogram", false, "print the histograms of several tests, not a table")
	flags.StringVar(&f.resume, "resume", "", "keep finished tests in `FILE`, and skip what is there already")
	flags.StringVar(&f.html, "html", "", "write a page of all tests to `FILE`")
	return cmd
}

// machineModel stands for the model of the machine.
const machineModel = "machine"

func (f *runFlags) run(cmd *cobra.Command, args []string) error {
	if err := f.resolve(cmd, args); err != nil {
		return cli.Usage(err)
	}
	files, err := check.Find(args)
	if err != nil {
		return cli.Usage(err)
	}
	m, err := hardware.Open()
	if err != nil {
		return err
	}
	c := campaign{f: f, m: m, out: cmd.OutOrStdout(), errors: cmd.ErrOrStderr(), several: len(files) > 1}
	c.page.Began, c.page.Machine = time.Now(), fmt.Sprintf("%s, %d CPUs", m.Arch, len(m.CPUs()))
	if f.model != "" {
		name := f.model
		if name == machineModel {
			name = m.Arch.Model()
		}
		if c.model, err = check.LoadModel(name); err != nil {
			return cli.Usage(errors.Join(fmt.Errorf("--model %s: %w", name, err), m.Close()))
		}
	}
	if err := f.checkPage(); err != nil {
		return cli.Usage(errors.Join(err, m.Close()))
	}
	if f.resume != "" {
		if c.journal, err = hardware.OpenJournal(f.resume); err != nil {
			return cli.Usage(errors.Join(err, m.Close()))
		}
	}
	err = c.run(cmd, files)
	if err = errors.Join(err, c.journal.Close(), m.Close()); err != nil {
		return err
	}
	return c.exit()
}

// checkPage is an error if the page of --html cannot be written: it is written last.
func (f *runFlags) checkPage() error {
	if f.html == "" {
		return nil
	}
	file, err := os.OpenFile(f.html, os.O_WRONLY|os.O_CREATE, 0o666)
	if err != nil {
		return err
	}
	return file.Close()
}

// resolve makes options of the flags.
func (f *runFlags) resolve(cmd *cobra.Command, args []string) (err error) {
	switch {
	case len(args) == 0:
		return errors.New("run needs a FILE or a DIR")
	case f.json && f.histogram:
		return errors.New("--json does not go with --histogram")
	case f.memory != "direct" && f.memory != "indirect":
		return fmt.Errorf("--memory %s: must be direct or indirect", f.memory)
	case f.timeout <= 0:
		return fmt.Errorf("--timeout %v: must be positive", f.timeout)
	}
	f.options.Runs = f.runs
	if f.options.Time > 0 && !cmd.Flags().Changed("runs") {
		f.options.Runs = 0
	}
	f.options.Indirect = f.memory == "indirect"
	f.options.Barrier = native.Barrier(f.barrier)
	if f.options.Affinity, err = hardware.ParseAffinity(f.affinity); err != nil {
		return err
	}
	return f.options.Validate()
}

// modelMemory is the most that this process takes while a test is explored.
const modelMemory = 2 << 30

// A campaign is a run of the command.
type campaign struct {
	f       *runFlags
	m       *hardware.Machine
	model   *check.Model
	journal *hardware.Journal
	several bool
	table   *hardware.Table

	out, errors io.Writer
	page        hardware.Campaign
	notRun      int // after an interrupt
	shown       time.Time
}

func (c *campaign) run(cmd *cobra.Command, files []check.File) error {
	if c.several && !c.f.json && !c.f.histogram {
		c.table = hardware.NewTable(c.out)
	}
	for i, file := range files {
		if cmd.Context().Err() != nil {
			c.notRun = len(files) - i
			break
		}
		r, err := c.report(cmd, file, i, len(files))
		if err != nil {
			return err
		}
		c.page.Reports = append(c.page.Reports, r)
		if err := c.print(r); err != nil {
			return err
		}
	}
	if c.notRun > 0 {
		fmt.Fprintf(c.errors, "crosscall: interrupted: %d tests were not run\n", c.notRun)
	}
	if c.table != nil {
		if err := c.table.Flush(); err != nil {
			return err
		}
	}
	return c.writePage()
}

// report runs a test, or finds it in the journal.
func (c *campaign) report(cmd *cobra.Command, file check.File, i, n int) (*hardware.Report, error) {
	key := ""
	if c.journal != nil {
		src, err := file.Read()
		if err != nil {
			return nil, cli.Usage(err)
		}
		key = c.m.Key(file.Path, src, c.f.options, c.modelName())
		if r := c.journal.Find(key); r != nil {
			return r, nil
		}
	}
	var progress func(*hardware.Report)
	if cli.IsTerminal(c.errors) {
		progress = func(r *hardware.Report) { c.progress(r, i, n) }
	}
	r := c.m.Test(cmd.Context(), file, c.f.options, c.model, check.Options{Timeout: c.f.timeout, Memory: modelMemory}, progress)
	if progress != nil {
		fmt.Fprint(c.errors, "\r\x1b[K")
	}
	return r, c.journal.Add(key, r)
}

func (c *campaign) modelName() string {
	if c.model == nil {
		return ""
	}
	return c.f.model + " " + c.model.Name
}

// progress shows how far a test is, five times a second.
func (c *campaign) progress(r *hardware.Report, i, n int) {
	if time.Since(c.shown) < 200*time.Millisecond {
		return
	}
	c.shown = time.Now()
	fmt.Fprintf(c.errors, "\r%d/%d  %d instances  %s\x1b[K", i+1, n, r.Instances, printable.Text(r.Test))
}

func (c *campaign) print(r *hardware.Report) error {
	if r.Status == hardware.Wrong {
		_, err := fmt.Fprintf(c.errors, "crosscall: %s\n", printable.Text(r.Err))
		if err != nil || !c.f.json {
			return err
		}
	}
	switch {
	case c.f.json:
		return printable.WriteJSON(c.out, r)
	case c.table != nil:
		c.table.Add(r)
		return nil
	}
	return r.WriteText(c.out)
}

func (c *campaign) writePage() error {
	if c.f.html == "" {
		return nil
	}
	if err := viewer.WriteFile(c.f.html, c.page.WriteHTML); err != nil {
		return cli.Usage(err)
	}
	return nil
}

// exit turns what came of the tests into the exit code.
func (c *campaign) exit() error {
	switch {
	case c.page.Count(hardware.Wrong) > 0:
		return cli.ExitStatus(2)
	case c.page.Count(hardware.Contradicted) > 0:
		return cli.ExitStatus(1)
	case c.notRun+c.page.Count(hardware.Unfinished)+c.page.Count(hardware.NotRun) > 0:
		return cli.ExitStatus(3)
	}
	return nil
}
