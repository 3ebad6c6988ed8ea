// Command crosscall measures cross-CPU calls and shows the machine that they
// cross; and it checks litmus tests under memory models. Each command is in the
// file of its name; what it does is in internal/ and memmodel/.
//
// The exit code is 0 on success, 1 on failure, 2 where the command line is
// wrong. A command may have others: its help says which.
package main

import (
	"context"
	"io"
	"os"

	"crosscall/cmd/internal/cli"

	"github.com/spf13/cobra"
)

func main() {
	os.Exit(run(cli.Interruptible(os.Interrupt), os.Args[1:], os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := &cobra.Command{
		Use:   "crosscall",
		Short: "Cross-CPU function calls for Go, and a checker of memory models",
	}
	here := new(cli.Engine)
	root.AddCommand(cli.AuditCommand(here), benchCommand(), cli.CheckCommand(here), gotestCommand(), manCommand(), cli.ProveCommand(here),
		runCommand(), topoCommand(), tortureCommand(), cli.VersionCommand())
	return cli.Run(ctx, root, args, stdout, stderr)
}
