package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"crosscall/memmodel/render"
	"crosscall/proofs"
	"crosscall/viewer"

	"github.com/spf13/cobra"
)

type proveFlags struct {
	engine *Engine

	quick   bool
	models  []string
	show    []string
	json    bool
	timeout time.Duration
	html    string
}

// ProveCommand is the command prove.
func ProveCommand(e *Engine) *cobra.Command {
	f := proveFlags{engine: e}
	cmd := &cobra.Command{
		Use:   "prove [flags] [QUESTION...]",
		Short: "Answer the questions of a review of the kernel's cross-CPU call, by exploring every execution",
		Long: `Answer the questions of the review that crosscall comes from, Q1 to Q15, by
exploring every execution of the protocol in each of its variants: V0 to V3 as
it was, VR as the reviewer proposed it, VG as it is in this library. The variants
in C are explored under LKMM and under models of machines, with the kernel's own
mapping of each primitive. VG is Go: it takes a checkout of crosscall and the go
command.

It prints a table for each question: the answer, and below it, for each property,
the variants that keep it. The bound is in parentheses. If a variant fails, the
line below says how, and --show draws an execution.

A verdict is "holds", "fails" or "incomplete". A "!" behind it says that
another one is expected: then the answer above it is wrong.

The exit code is 0 if every verdict is as expected, 1 if one is not, and 3 if some
are incomplete. It is 2 for a command line that is wrong.`,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.quick, "quick", false, "leave out large cases")
	flags.StringSliceVar(&f.models, "model", nil, "explore C under these `MODELS` only, separated by commas: "+strings.Join(proofs.Models(), ", "))
	flags.StringSliceVar(&f.show, "show", nil, "answer these `QUESTIONS`, and draw an execution for each case that fails")
	flags.DurationVar(&f.timeout, "timeout", 0, "end a case under a model after this time, as incomplete (default never)")
	flags.BoolVar(&f.json, "json", false, "print a line of JSON for each verdict")
	flags.StringVar(&f.html, "html", "", "draw an execution for each case that fails into `FILE`, as a page")
	e.register(flags)
	return cmd
}

func (f *proveFlags) run(cmd *cobra.Command, args []string) error {
	if f.json && len(f.show) > 0 {
		return usageError{errors.New("--show draws into the text output: it does not go with --json")}
	}
	printer := &proofs.Printer{
		Out: cmd.OutOrStdout(), JSON: f.json, Show: len(f.show) > 0,
		ShowOptions: render.TextOptions{Color: IsTerminal(cmd.OutOrStdout())},
	}
	if f.timeout < 0 {
		return usageError{fmt.Errorf("--timeout %v: must not be negative", f.timeout)}
	}
	options, err := f.options(args)
	if err != nil {
		return usageError{err}
	}
	if f.engine.Prove != nil {
		end, err := f.engine.Prove(cmd.Context(), &options)
		if err != nil {
			return usageError{err}
		}
		defer end()
	}
	if IsTerminal(cmd.ErrOrStderr()) {
		printer.Progress, options.Progress = cmd.ErrOrStderr(), printer.Shown
	}
	var page *os.File
	if f.html != "" {
		if page, err = os.Create(f.html); err != nil {
			return usageError{err}
		}
		printer.HTML = page
	}
	printer.Begin()
	err = proofs.Run(cmd.Context(), options, printer.Emit)
	if err == nil {
		err = printer.Finish()
	}
	if err = viewer.EndFile(page, err); err != nil {
		return usageError{err}
	}
	if code := printer.Code(); code != 0 {
		return ExitStatus(code)
	}
	return nil
}

func (f *proveFlags) options(args []string) (proofs.Options, error) {
	dir, err := os.Getwd()
	o := proofs.Options{Quick: f.quick, Models: f.models, Timeout: f.timeout, Picture: len(f.show) > 0 || f.html != ""}
	for _, id := range append(args, f.show...) {
		o.Questions = append(o.Questions, strings.ToUpper(id))
	}
	o.Others = []proofs.Prover{proofs.FindGo(dir)}
	return o, err
}
