// Command crosscall measures cross-CPU calls and shows the machine's topology.
// It also checks litmus tests and C programs under memory models, and Go tests
// in all interleavings. Each command is in the file of its name; its
// implementation is in internal/, memmodel/, gocheck/ and proofs/.
//
// The exit code is 0 on success, 1 on failure, and 2 if the command line is
// wrong. A command may have others: see its help.
package main

import (
	"context"
	"io"
	"os"
	"syscall"

	"crosscall/cmd/internal/cli"

	"github.com/spf13/cobra"
)

func main() {
	os.Exit(run(cli.Interruptible(os.Interrupt, syscall.SIGTERM), os.Args[1:], os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := &cobra.Command{
		Use:   "crosscall",
		Short: "Check litmus tests, C and Go tests in every execution; measure calls between CPUs",
	}
	here := new(cli.Engine)
	root.AddCommand(cli.AuditCommand(here), benchCommand(), cli.CheckCommand(here), gotestCommand(), manCommand(), cli.ProveCommand(here),
		runCommand(), serveCommand(), topoCommand(), tortureCommand(), cli.VersionCommand())
	return cli.Run(ctx, root, args, stdout, stderr)
}
