package cli

import (
	"errors"
	"fmt"
	"io"
	"time"

	"crosscall/memmodel/check"
	"crosscall/memmodel/graph"
	"crosscall/memmodel/minimize"
	"crosscall/memmodel/render"
	"crosscall/viewer"
	"crosscall/viewer/printable"

	"github.com/spf13/cobra"
)

// defaultMinimizeTime is for all that --minimize does. Half of what can be dropped is dropped in a tenth
// of the time.
const defaultMinimizeTime = time.Minute

// minimize prints what is left of a source that fails.
func (f *checkFlags) runMinimize(cmd *cobra.Command, args []string) error {
	b, err := f.minimizeBatch(cmd, args)
	if err != nil {
		return usageError{err}
	}
	src, err := b.Files[0].Read()
	if err != nil {
		return usageError{err}
	}
	m := b.Models[0]
	name := b.Files[0].Path
	if !f.chosen {
		if m, err = check.LoadModel(check.DefaultModel(name, src, b.C)); err != nil {
			return err
		}
	}
	o := minimize.Options{Check: b.Options, C: b.C, Timeout: b.Options.Timeout}
	o.Check.Timeout = 0
	live := IsTerminal(cmd.ErrOrStderr())
	if live {
		o.Progress = minimizeProgress(cmd.ErrOrStderr())
	}
	r, err := minimize.Run(cmd.Context(), name, src, m, o)
	if live {
		fmt.Fprint(cmd.ErrOrStderr(), "\r\x1b[K")
	}
	if errors.Is(err, minimize.ErrNotFailing) {
		return f.notFailing(cmd.ErrOrStderr(), name, r.Check)
	}
	if err != nil {
		return usageError{err}
	}
	if err := f.writeMinimized(cmd, r); err != nil {
		return usageError{err}
	}
	if f.exitZero {
		return nil
	}
	return ExitStatus(1)
}

// minimizeBatch is the one file and the model that --minimize is for.
func (f *checkFlags) minimizeBatch(cmd *cobra.Command, args []string) (*check.Batch, error) {
	switch {
	case f.json || f.summary || f.expect != "" || f.resume != "" || f.shard != "" || f.reports.any():
		return nil, errors.New("--minimize prints a source: it does not go with --json, --summary, --expect, --resume, --shard, --junit, --sarif or --github")
	case f.drawsToStdout():
		return nil, errors.New("--minimize prints a source: a picture goes to a file, not to stdout")
	}
	if !cmd.Flags().Changed("timeout") {
		f.options.Timeout = defaultMinimizeTime
	}
	b, err := f.batch(args)
	if err == nil && b.Files[0].Path == check.Stdin {
		err = errors.New("--minimize needs a file, not standard input: its name says what it is")
	}
	if err == nil && (len(b.Files) != 1 || len(b.Models) != 1) {
		err = errors.New("--minimize takes one file and one model")
	}
	return b, err
}

// notFailing says why there is nothing to minimize.
func (f *checkFlags) notFailing(w io.Writer, name string, r *check.Result) error {
	why := ""
	if r.Reason != "" {
		why = ": " + r.Reason
	}
	fmt.Fprintf(w, "%s: %s under %s%s; there is nothing to minimize\n", printable.Text(name), r.Verdict, r.Model, printable.Text(why))
	if r.Verdict == check.Holds || f.exitZero {
		return nil
	}
	return ExitStatus(3)
}

// minimizeProgress shows how far it is, five times a second.
func minimizeProgress(w io.Writer) func(minimize.Progress) {
	var last time.Time
	return func(p minimize.Progress) {
		if time.Since(last) < 200*time.Millisecond {
			return
		}
		last = time.Now()
		fmt.Fprintf(w, "\r%d of %d tokens are left, %d sources tried, %d to go\x1b[K", p.Is, p.Was, p.Tried, p.Candidates)
	}
}

func (f *checkFlags) writeMinimized(cmd *cobra.Command, r *minimize.Result) error {
	if _, err := io.WriteString(cmd.OutOrStdout(), r.Text()); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(cmd.ErrOrStderr(), printable.Text(fmt.Sprintf("%s: %s", r.Check.File, r.Summary()))); err != nil {
		return err
	}
	x := r.Check.Picture
	if x == nil {
		return nil
	}
	if !f.showAll {
		x = render.Brief(x)
	}
	var errs []error
	for name, write := range map[string]func(io.Writer) error{
		f.dot: func(w io.Writer) error { return render.DOT(w, x) },
		f.svg: func(w io.Writer) error { return render.SVG(w, x) },
		f.html: func(w io.Writer) error {
			return render.HTML(w, []*graph.Execution{x}, r.Check.Test+" under "+r.Check.Model)
		},
	} {
		if name != "" {
			errs = append(errs, viewer.WriteFile(name, write))
		}
	}
	return errors.Join(errs...)
}
