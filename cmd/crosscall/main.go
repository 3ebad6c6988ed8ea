// Command crosscall measures cross-CPU calls and shows the machine that they
// cross; and it checks litmus tests under memory models. Each command is in the
// file of its name; what it does is in internal/ and memmodel/.
//
// The exit code is 0 on success, 1 on failure, 2 where the command line is
// wrong. A command may have others: its help says which.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"

	"crosscall/memmodel/check"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second interrupt is not caught: it ends the process
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	started := false
	root := &cobra.Command{
		Use:              "crosscall",
		Short:            "Cross-CPU function calls for Go, and a checker of memory models",
		Version:          version(),
		SilenceUsage:     true,
		SilenceErrors:    true,
		PersistentPreRun: func(*cobra.Command, []string) { started = true },
	}
	root.AddCommand(auditCommand(), benchCommand(), checkCommand(), gotestCommand(), proveCommand(), runCommand(), topoCommand(), tortureCommand(), versionCommand())
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)

	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	if code := exitStatus(0); errors.As(err, &code) {
		return int(code)
	}
	fmt.Fprintf(stderr, "crosscall: %s\n", check.Printable(err.Error()))
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

// An exitStatus is the error of a command that has printed all that there is to
// say.
type exitStatus int

func (c exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(c)) }

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Say which version this is",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "crosscall version", version())
			return err
		},
	}
}

// version is the module's version as the go command recorded it, with the
// revision where it was built from a checkout.
func version() string {
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
