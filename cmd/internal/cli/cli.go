// Package cli has what the commands crosscall and crosscall-cluster share: the subcommands
// that check, audit and prove, here or elsewhere, and the exit codes of errors.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"

	"crosscall/memmodel/audit"
	"crosscall/memmodel/check"
	"crosscall/proofs"
	"crosscall/viewer/printable"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// An Engine has the work of a command done. The zero value does it in this process.
type Engine struct {
	// Flags, if not nil, adds flags to each command that uses the engine.
	Flags func(*pflag.FlagSet)
	// Check, Audit and Prove, if not nil, have work done elsewhere. They return what is to
	// be done in the end.
	Check func(ctx context.Context, b *check.Batch) (end func(), err error)
	Audit func(ctx context.Context, in *audit.Setup, o *audit.Options) (end func(), err error)
	Prove func(ctx context.Context, o *proofs.Options) (end func(), err error)
}

func (e *Engine) register(flags *pflag.FlagSet) {
	if e.Flags != nil {
		e.Flags(flags)
	}
}

// Interruptible returns a context that ends with the first interrupt. A second one is not
// caught: it ends the process.
func Interruptible(signals ...os.Signal) context.Context {
	ctx, stop := signal.NotifyContext(context.Background(), signals...)
	context.AfterFunc(ctx, stop)
	return ctx
}

// Run runs a command, and returns its exit code: 0 on success, 1 on failure, 2 where the
// command line is wrong, or what an ExitStatus says.
func Run(ctx context.Context, root *cobra.Command, args []string, stdout, stderr io.Writer) int {
	started := false
	root.Version = Version()
	root.SilenceUsage, root.SilenceErrors = true, true
	root.PersistentPreRun = func(*cobra.Command, []string) { started = true }
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)

	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	if code := ExitStatus(0); errors.As(err, &code) {
		return int(code)
	}
	fmt.Fprintf(stderr, "%s: %s\n", root.Name(), printable.Text(err.Error()))
	// Cobra has no type for its own errors; they are those before a command starts.
	if usage := new(usageError); !started || errors.As(err, usage) {
		return 2
	}
	return 1
}

// A usageError is a command line that a command finds wrong after flags and
// arguments have been parsed.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// Usage is err as an error of the command line or of the input.
func Usage(err error) error { return usageError{err} }

// An ExitStatus is the error of a command that has printed all that there is to
// say.
type ExitStatus int

func (c ExitStatus) Error() string { return fmt.Sprintf("exit status %d", int(c)) }

// Version is the module's version as the go command recorded it, with the
// revision where it was built from a checkout.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			v += " " + s.Value
		}
	}
	return v + " " + info.GoVersion
}

// VersionCommand says which version this is.
func VersionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Say which version this is",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), cmd.Root().Name(), "version", Version())
			return err
		},
	}
}
