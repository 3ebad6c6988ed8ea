package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strconv"
	"strings"

	"crosscall/memmodel/check"
	"crosscall/memmodel/check/report"
	"crosscall/memmodel/render"
	"crosscall/viewer"

	"github.com/spf13/cobra"
)

type checkFlags struct {
	engine *Engine

	models     []string
	chosen     bool // by --model
	listModels bool
	options    check.Options
	memory     int64 // in megabytes
	jobs       int

	estimate bool
	json     bool
	summary  bool
	expect   string
	resume   string
	exitZero bool
	showAll  bool

	c cFlags

	show           bool
	minimize       bool
	dot, svg, html string

	shard   string
	reports reports
}

// CheckCommand is the command check.
func CheckCommand(e *Engine) *cobra.Command {
	f := checkFlags{engine: e}
	cmd := &cobra.Command{
		Use:   "check [flags] FILE|DIR|@LIST|-...",
		Short: "Run litmus tests and C programs under a memory model, exploring every execution",
		Long: `Run litmus tests and C programs under a memory model: explore every execution
that the model allows, and say whether the condition holds.

A litmus test is in C, the dialect of the Linux kernel's tools/memory-model and
of herd7, or in the assembly of AArch64, PPC, RISCV, X86 or X86_64
(docs/quickstart-assembly.md). A DIR stands for all *.litmus files below it,
@LIST for the files that LIST names, one on a line, and - for standard input.

A file *.c is a program in kernel-style C, or C11 with pthreads
(docs/quickstart-c.md). It holds if no execution fails an assertion, misuses
memory or a lock, waits forever, or has a data race. (A data race counts in a
program with a main, under a model that defines data races.) The line below the
verdict says what goes wrong.

The output is herd7's, without the Hash line, for scripts that read it. With
several models it is a table: a row for each test, a column for each model. If
there are several tests, a summary on stderr compares them with the "Result:"
comments in their files, or with the table that --expect names.

A verdict is "holds", "fails", "incomplete", "vacuous" or "error". A test is
incomplete if a bound, a timeout or an interrupt kept executions from being
explored, and the explored ones do not decide its condition. A witness decides
"exists" and "~exists", a counterexample "forall". A test is vacuous if it would
hold, but no execution ends, or none reaches a cover(). In text both are
"Unknown", and a line says why: "Incomplete NAME REASON", "Nothing-runs NAME
REASON" or, for C, "Vacuous NAME REASON".

--verdict looks for the first execution that decides the condition, and for
nothing else: no states, and no flags (a data race goes unnoticed). After the
first witness, "Sometimes" and "Always" are not distinguished.

The exit code is 0 if every condition holds, 1 if some fail, and 3 if none fails
and some are incomplete or vacuous. It is 2 for an input or a command line that is
wrong. With --summary or --expect, 1 says instead that some tests differ from
what was expected of them. With --exit-zero it is 0 in place of 1 and 3.`,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&f.models, "model", []string{"lkmm"}, "run under these `MODELS`, separated by commas: names (see --list-models), all, or cat or cfg files; without it, files with C11's atomics or threads are run under rc11, and those in assembly under the model of their machine")
	flags.Lookup("model").DefValue = "lkmm"
	flags.BoolVar(&f.listModels, "list-models", false, "list the models that are built in")
	flags.IntVar(&f.options.Bound, "bound", 0, "let a loop jump back `N` times (default 2, as herd7; 10 in C)")
	flags.DurationVar(&f.options.Timeout, "timeout", 0, "end a test after this time, as incomplete (default never)")
	flags.Int64Var(&f.memory, "memory", defaultMemory, "end the tests that run, as incomplete, when crosscall uses more than `MB` megabytes of memory (0: never)")
	flags.IntVarP(&f.jobs, "jobs", "j", 0, "use `N` CPUs, for N tests at a time or for one test (default all)")
	flags.BoolVar(&f.options.VerdictOnly, "verdict", false, "look for the verdict only")
	flags.BoolVar(&f.options.NoSymmetry, "no-symmetry", false, "in C programs, count executions that differ only in which of several threads with the same code does what")
	flags.BoolVar(&f.estimate, "estimate", false, "explore nothing: estimate the number of executions, by probes for one to five seconds for each test")
	flags.BoolVar(&f.json, "json", false, "print a line of JSON for each test and model")
	flags.BoolVar(&f.summary, "summary", false, "print the summary only")
	flags.StringVar(&f.expect, "expect", "", "compare with this CSV `FILE`, with columns file, observation and perhaps states, flags")
	flags.StringVar(&f.resume, "resume", "", "keep finished results in `FILE`, and skip tests whose results are there")
	flags.BoolVar(&f.exitZero, "exit-zero", false, "exit with 0 in place of 1 and 3")
	f.c.register(flags)
	flags.BoolVar(&f.showAll, "show-all", false, "do not shorten pictures of many events")
	flags.BoolVar(&f.show, "show", false, "draw the execution that decides or, if there is none, one that the model forbids")
	flags.BoolVar(&f.minimize, "minimize", false, "shorten one FILE that fails: drop all that the failure does not need, and print the rest with its picture (--timeout bounds all of that; default 1m)")
	flags.StringVar(&f.dot, "dot", "", "write the execution that --show draws to `FILE` for Graphviz (-: stdout, and nothing else)")
	flags.StringVar(&f.svg, "svg", "", "write the execution that --show draws to `FILE` as SVG (-: stdout)")
	flags.StringVar(&f.html, "html", "", "write the executions that --show draws to `FILE` as a page (-: stdout)")
	flags.StringVar(&f.shard, "shard", "", "check only part I of N parts of the files, as in `I/N`; the files of --resume can be concatenated")
	flags.StringVar(&f.reports.junit, "junit", "", "write JUnit's XML to `FILE`")
	flags.StringVar(&f.reports.sarif, "sarif", "", "write SARIF 2.1.0 to `FILE`")
	flags.BoolVar(&f.reports.github, "github", false, "print annotations for GitHub Actions on stderr")
	e.register(flags)
	completeModels(cmd)
	return cmd
}

// defaultMemory is a limit in megabytes that most machines have, and that is far above the
// need of all tests of the corpora.
const defaultMemory = 2048

func (f *checkFlags) run(cmd *cobra.Command, args []string) error {
	// A test leaves some 30 kB of garbage, and takes less time than starting a
	// collection. The memory limit is for the few tests with a million states:
	// near it the collector runs as usual.
	debug.SetGCPercent(800)
	debug.SetMemoryLimit(150 << 20)
	if f.listModels {
		return listModels(cmd.OutOrStdout())
	}
	f.chosen = cmd.Flags().Changed("model")
	if f.minimize {
		return f.runMinimize(cmd, args)
	}
	batch, err := f.batch(args)
	if err != nil {
		return usageError{err}
	}
	if f.estimate {
		if err := batch.Estimates(cmd.Context(), cmd.OutOrStdout()); err != nil {
			return usageError{err}
		}
		return nil
	}
	if f.engine.Check != nil {
		end, err := f.engine.Check(cmd.Context(), batch)
		if err != nil {
			return usageError{err}
		}
		defer end()
	}
	printer := f.printer(cmd, batch)
	if printer.Expect, err = f.expectations(); err != nil {
		return usageError{err}
	}
	if f.reports.any() {
		compare, several := f.compares(), len(f.models) > 1
		printer.Found = func(r *check.Result, e check.Expected) {
			f.reports.findings = append(f.reports.findings, report.Of(r, e, compare, several))
		}
	}
	pages, err := f.openPages(printer)
	if err != nil {
		return usageError{err}
	}
	printer.Begin()
	err = batch.Run(cmd.Context(), printer.Emit)
	if last := printer.Finish(); err == nil || !errors.Is(last, err) { // if output cannot be written, both have that error
		err = errors.Join(err, last)
	}
	err = errors.Join(err, batch.Journal.Close(), f.reports.write(cmd.ErrOrStderr()))
	if err = endAll(pages, err); err != nil {
		return usageError{err}
	}
	if err := f.compared(printer); err != nil {
		return usageError{err}
	}
	return f.exit(printer)
}

func listModels(w io.Writer) error {
	for _, name := range check.ModelNames() {
		m, err := check.LoadModel(name)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%-8s  %s\n", name, m.Title); err != nil {
			return err
		}
	}
	return nil
}

func (f *checkFlags) batch(args []string) (*check.Batch, error) {
	f.models = allModels(f.models)
	if err := f.validate(args); err != nil {
		return nil, err
	}
	b := &check.Batch{Options: f.options, Jobs: f.jobs}
	b.Options.Memory = f.memory << 20
	b.Options.Picture = f.show || f.dot+f.svg+f.html != ""
	b.KeepStates = f.format() == check.Text && len(f.models) == 1
	var err error
	if b.C, err = f.c.options(); err != nil {
		return nil, err
	}
	if b.Files, err = check.Find(args); err != nil {
		return nil, err
	}
	if b.Files, err = part(b.Files, f.shard); err != nil {
		return nil, err
	}
	if f.svg != "" && len(b.Files)*len(f.models) > 1 {
		return nil, errors.New("--svg draws one test under one model; --html takes many")
	}
	for _, name := range f.models {
		m, err := check.LoadModel(name)
		if err != nil {
			return nil, fmt.Errorf("--model %s: %w", name, err)
		}
		b.Models = append(b.Models, m)
	}
	b.Default = !f.chosen
	if f.resume != "" {
		b.Journal, err = check.OpenJournal(f.resume)
	}
	return b, err
}

// part is the part of files that shard names in the form I/N: every N-th, from the I-th
// on.
func part(files []check.File, shard string) (list []check.File, err error) {
	if shard == "" {
		return files, nil
	}
	i, n, _ := strings.Cut(shard, "/")
	first, err1 := strconv.Atoi(i)
	parts, err2 := strconv.Atoi(n)
	if err1 != nil || err2 != nil || first < 1 || first > parts {
		return nil, fmt.Errorf("--shard %s: must be I/N, with I from 1 to N", shard)
	}
	for at := first - 1; at < len(files); at += parts {
		list = append(list, files[at])
	}
	return list, nil
}

// allModels replaces "all" by the names of all models.
func allModels(names []string) (list []string) {
	for _, name := range names {
		if name == "all" {
			list = append(list, check.ModelNames()...)
		} else {
			list = append(list, name)
		}
	}
	return list
}

func (f *checkFlags) validate(args []string) error {
	switch {
	case len(args) == 0:
		return errors.New("check needs a FILE or a DIR")
	case len(f.models) == 0:
		return errors.New("--model names no model: see --list-models")
	case f.options.Bound < 0:
		return fmt.Errorf("--bound %d: must not be negative", f.options.Bound)
	case f.options.Timeout < 0:
		return fmt.Errorf("--timeout %v: must not be negative", f.options.Timeout)
	case f.jobs < 0:
		return fmt.Errorf("--jobs %d: must not be negative", f.jobs)
	case f.memory < 0:
		return fmt.Errorf("--memory %d: must not be negative", f.memory)
	}
	return f.validateOutputs()
}

// validateOutputs reports which outputs were asked for that do not go together.
func (f *checkFlags) validateOutputs() error {
	switch {
	case len(f.models) > 1 && (f.expect != "" || f.summary):
		return errors.New("--expect and --summary compare one model, not several")
	case f.json && (f.summary || f.drawsToStdout()):
		return errors.New("--json goes neither with --summary nor with a picture on stdout")
	case f.estimate && (f.json || f.summary || f.expect != "" || f.resume != "" || f.show || f.dot+f.svg+f.html != ""):
		return errors.New("--estimate explores nothing: it goes with no other output")
	case f.dot == "-" && (f.svg == "-" || f.html == "-"), f.svg == "-" && f.html == "-":
		return errors.New("one of --dot, --svg and --html can go to stdout, not several")
	case f.show && f.format() != check.Text:
		return errors.New("--show draws into the text output: it goes neither with --json or --summary nor with a picture on stdout")
	case f.resume != "" && (f.show || f.dot+f.svg+f.html != ""):
		return errors.New("--resume keeps no pictures: it does not go with --show, --dot, --svg or --html")
	}
	return nil
}

func (f *checkFlags) format() check.Format {
	switch {
	case f.json:
		return check.JSON
	case f.summary || f.drawsToStdout():
		return check.Nothing
	}
	return check.Text
}

func (f *checkFlags) drawsToStdout() bool { return f.dot == "-" || f.svg == "-" || f.html == "-" }

func (f *checkFlags) printer(cmd *cobra.Command, b *check.Batch) *check.Printer {
	p := &check.Printer{
		Out: cmd.OutOrStdout(), Err: cmd.ErrOrStderr(),
		Format: f.format(), Models: f.models,
		Watched: IsTerminal(cmd.OutOrStdout()),
		Show:    f.show,
	}
	switch {
	case f.summary && !f.drawsToStdout():
		p.SummaryTo = p.Out
	case f.summary, f.expect != "", len(b.Files) > 1 && len(f.models) == 1:
		p.SummaryTo = p.Err // stdout is for scripts
	}
	p.ShowAll = f.showAll
	p.ShowOptions = render.TextOptions{Color: hasColor(cmd.OutOrStdout()), Width: columns(cmd.OutOrStdout())}
	if IsTerminal(p.Err) {
		p.ErrWidth = columns(p.Err)
		b.Progress = func(now check.Progress) { p.Progress(len(b.Files), now) }
	}
	return p
}

func (f *checkFlags) expectations() (*check.Expectations, error) {
	if f.expect == "" {
		return nil, nil
	}
	return check.ReadExpectations(f.expect)
}

// openPages opens the files for pictures.
func (f *checkFlags) openPages(p *check.Printer) (pages []*os.File, err error) {
	for _, page := range []struct {
		name string
		to   *io.Writer
	}{{f.dot, &p.DOT}, {f.svg, &p.SVG}, {f.html, &p.HTML}} {
		switch page.name {
		case "":
		case "-":
			*page.to = p.Out
		default:
			file, err := os.Create(page.name)
			if err != nil {
				return nil, endAll(pages, err)
			}
			pages, *page.to = append(pages, file), file
		}
	}
	return pages, nil
}

func endAll(files []*os.File, err error) error {
	for _, f := range files {
		err = viewer.EndFile(f, err)
	}
	return err
}

// compares reports whether results are compared with the expected ones, instead of the
// tests' conditions.
func (f *checkFlags) compares() bool { return f.summary || f.expect != "" }

// compared returns an error if results were to be compared, and none was. A shard may have
// none that can be.
func (f *checkFlags) compared(p *check.Printer) error {
	switch s := p.Summary; {
	case f.shard != "":
		return nil
	case f.summary && f.expect == "" && s.Tests > 0 && s.Counts[check.NothingExpected] == s.Tests:
		return errors.New("--summary: no test says what is expected of it, so nothing was compared: see --expect")
	}
	return p.Expect.Unused()
}

// exit returns the exit code for the results.
func (f *checkFlags) exit(p *check.Printer) error {
	failed, incomplete := p.Counts[check.Fails], p.Counts[check.Incomplete]+p.Counts[check.Vacuous]
	if f.compares() {
		failed, incomplete = p.Summary.Counts[check.Differs], p.Summary.Counts[check.NotFinished]
	}
	incomplete += p.NotRun
	switch {
	case p.Counts[check.Error] > 0:
		return ExitStatus(2)
	case f.exitZero:
		return nil
	case failed > 0:
		return ExitStatus(1)
	case incomplete > 0:
		return ExitStatus(3)
	}
	return nil
}
