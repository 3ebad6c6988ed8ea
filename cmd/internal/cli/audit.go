package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"crosscall/memmodel/audit"
	"crosscall/memmodel/check"
	"crosscall/memmodel/render"
	"crosscall/viewer"
	"crosscall/viewer/printable"

	"github.com/spf13/cobra"
)

type auditFlags struct {
	engine *Engine

	models   []string
	options  check.Options
	memory   int64 // in megabytes
	plain    bool
	c        cFlags
	with     []string
	files    []string
	json     bool
	show     bool
	html     string
	exitZero bool
}

// AuditCommand is the command audit.
func AuditCommand(e *Engine) *cobra.Command {
	f := auditFlags{engine: e}
	cmd := &cobra.Command{
		Use:   "audit [flags] FILE",
		Short: "Say which barriers a program needs, by weakening each in turn",
		Long: `Say which barriers a litmus test or a C file needs. The audit weakens or drops
each fence, acquire, release and ordered atomic operation. It explores every
execution of the variation, and looks whether what the program promises still
holds. A C file promises that no assertion fails, nothing waits forever and memory
is not misused. A litmus test promises its condition: that "~exists" or "forall"
holds, or that the state of "exists" is never observed. A program without data
races promises to stay so.

For each barrier alone it says "needed", "could be X" where X is enough, "not
needed", or "not reached" where no execution passes it. Below is a minimal set:
the barriers that are left when as many as can be are weakened together, the most
expensive first. Each barrier in it is needed, given the others. Two barriers that
do the same work are each "not needed" above, and one of them stays below.

A C file can be several programs: --with 'SCENARIO="a.h"' --with 'SCENARIO="b.h" FAST'
audits it once for all of them. A barrier is needed if one of them needs it.
Barriers in headers are left alone unless --in names the header.

Several models are told apart: "needed on: lkmm, power". "does nothing" and "no
different from X" say that a primitive and its replacement are the same there.

The exit code is 0 if the audit is done, and 1 if the program fails before any
change under some model (the execution is drawn). It is 3 if a bound, --timeout or
an interrupt left something open, and 2 for an input or a command line that is
wrong. With --exit-zero it is 0 in place of 1 and 3.`,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&f.models, "model", []string{"lkmm"}, "audit under these `MODELS`, separated by commas: names (see check --list-models), all, or cat or cfg files; without it, files with C11's atomics or threads are audited under rc11, and those in assembly under the model of their machine")
	flags.Lookup("model").DefValue = "lkmm"
	flags.IntVar(&f.options.Bound, "bound", 0, "let a loop jump back `N` times (default as check)")
	flags.DurationVar(&f.options.Timeout, "timeout", time.Minute, "end a variation after this time, as not known; 0: never")
	flags.Int64Var(&f.memory, "memory", defaultMemory, "end a variation, as not known, when crosscall uses more than `MB` megabytes of memory (0: never)")
	f.c.register(flags)
	flags.StringArrayVar(&f.with, "with", nil, "audit a C file with these `DEFINES` as well, as in --with 'A=1 B': each --with is a scenario")
	flags.StringSliceVar(&f.files, "in", nil, "audit the barriers in these headers (`FILES`), too")
	flags.BoolVar(&f.plain, "plain", false, "make READ_ONCE and WRITE_ONCE plain accesses, too")
	flags.BoolVar(&f.json, "json", false, "print a line of JSON for each barrier and model")
	flags.BoolVar(&f.show, "show", false, "draw, for each barrier that is needed, an execution that fails without it")
	flags.StringVar(&f.html, "html", "", "write the executions that --show draws to `FILE` as a page")
	flags.BoolVar(&f.exitZero, "exit-zero", false, "exit with 0 in place of 1 and 3")
	e.register(flags)
	completeModels(cmd)
	return cmd
}

func (f *auditFlags) run(cmd *cobra.Command, args []string) error {
	debug.SetGCPercent(800) // as for check
	debug.SetMemoryLimit(150 << 20)
	f.options.Memory = f.memory << 20
	if len(args) != 1 {
		return usageError{errors.New("audit needs one FILE")}
	}
	o, in, err := f.read(cmd, args[0])
	if gaveUp := (stopped{}); errors.As(err, &gaveUp) {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s: %s, while it was read\n", printable.Text(args[0]), gaveUp.why)
		return ExitStatus(3)
	}
	if err != nil {
		return usageError{err}
	}
	if f.engine.Audit != nil {
		scenarios, err := f.scenarios(args[0])
		if err != nil {
			return usageError{err}
		}
		setup, err := audit.Pack(args[0], o, scenarios...)
		if err != nil {
			return usageError{err}
		}
		end, err := f.engine.Audit(cmd.Context(), setup, &o)
		if err != nil {
			return usageError{err}
		}
		defer end()
	}
	var page *os.File
	if f.html != "" {
		if page, err = os.Create(f.html); err != nil {
			return usageError{err}
		}
	}
	live := IsTerminal(cmd.ErrOrStderr())
	if live {
		o.Progress = auditProgress(cmd.ErrOrStderr())
	}
	report, err := audit.Run(cmd.Context(), in, o)
	if live {
		fmt.Fprint(cmd.ErrOrStderr(), "\r\x1b[K")
	}
	if err == nil {
		err = f.write(cmd.OutOrStdout(), page, in, report)
	}
	if err = viewer.EndFile(page, err); err != nil {
		return usageError{err}
	}
	return f.exit(report.Count())
}

// stopped is the error of work that a limit or an interrupt ended.
type stopped struct{ why string }

func (s stopped) Error() string { return s.why }

// read reads the file within the limits that hold for each variation.
func (f *auditFlags) read(cmd *cobra.Command, file string) (o audit.Options, in *audit.Input, err error) {
	ctx, stop := f.options.Limit(cmd.Context())
	defer stop()
	in, err = readWithin(ctx, f, func() (*audit.Input, error) {
		if !cmd.Flags().Changed("model") {
			f.models = f.defaultModel(file)
		}
		scenarios, err := f.scenarios(file)
		if err != nil {
			return nil, err
		}
		return audit.Open(file, scenarios...)
	})
	if err != nil {
		return o, nil, err
	}
	o, err = f.settings()
	return o, in, err
}

func readWithin(ctx context.Context, f *auditFlags, open func() (*audit.Input, error)) (*audit.Input, error) {
	type opened struct {
		in  *audit.Input
		err error
	}
	do, ok := check.Within(ctx, func() opened {
		in, err := open()
		return opened{in, err}
	})
	if !ok {
		return nil, stopped{check.StopReason(ctx, f.options)}
	}
	return do.in, do.err
}

// defaultModel is the model for a file if no flag names one.
func (f *auditFlags) defaultModel(name string) []string {
	c, err := f.c.options()
	if err != nil {
		return f.models
	}
	src, err := os.ReadFile(name)
	if err != nil {
		return f.models
	}
	return []string{check.DefaultModel(name, src, c)}
}

func (f *auditFlags) settings() (audit.Options, error) {
	o := audit.Options{Check: f.options, Plain: f.plain, Files: f.files, Pictures: f.show || f.html != ""}
	switch {
	case len(f.models) == 0:
		return o, errors.New("--model names no model: see check --list-models")
	case f.options.Bound < 0:
		return o, fmt.Errorf("--bound %d: must not be negative", f.options.Bound)
	case f.options.Timeout < 0:
		return o, fmt.Errorf("--timeout %v: must not be negative", f.options.Timeout)
	case f.memory < 0:
		return o, fmt.Errorf("--memory %d: must not be negative", f.memory)
	case f.json && f.show:
		return o, errors.New("--show draws into the text output: it does not go with --json")
	}
	for _, name := range allModels(f.models) {
		m, err := check.LoadModel(name)
		if err != nil {
			return o, fmt.Errorf("--model %s: %w", name, err)
		}
		o.Models = append(o.Models, m)
	}
	return o, nil
}

// scenarios are the scenarios of a C file. The one without --with has no name.
func (f *auditFlags) scenarios(file string) (list []audit.Scenario, err error) {
	names := f.with
	if names == nil && check.IsC(file) {
		names = []string{""}
	}
	for _, with := range names {
		s := audit.Scenario{Name: with}
		if s.Options, err = f.c.options(strings.Fields(with)...); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

// auditProgress shows the progress, five times a second.
func auditProgress(w io.Writer) func(audit.Progress) {
	var last time.Time
	return func(p audit.Progress) {
		if time.Since(last) < 200*time.Millisecond {
			return
		}
		last = time.Now()
		what := fmt.Sprintf("%d/%d barriers", p.Findings, p.Of)
		if p.Minimal {
			what = "minimal set"
		}
		fmt.Fprintf(w, "\r%s, %d variations explored\x1b[K", what, p.Tries)
	}
}

func (f *auditFlags) write(w io.Writer, page *os.File, in *audit.Input, r *audit.Report) error {
	var err error
	if f.json {
		err = r.WriteJSON(w)
	} else {
		err = r.WriteText(w, audit.TextOptions{Show: f.show, Render: render.TextOptions{Color: IsTerminal(w)}})
	}
	if page == nil {
		return err
	}
	return errors.Join(err, render.HTML(page, r.Pictures(), r.File+" under "+strings.Join(f.models, ", "),
		render.Source{File: filepath.ToSlash(in.File), Text: in.Text}))
}

func (f *auditFlags) exit(c audit.Counts) error {
	switch {
	case c.Errors > 0 || c.Applicable == 0:
		return ExitStatus(2)
	case f.exitZero:
		return nil
	case c.Broken > 0:
		return ExitStatus(1)
	case c.Incomplete > 0:
		return ExitStatus(3)
	}
	return nil
}
