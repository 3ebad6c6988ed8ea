// Command crosscall-cluster checks, audits and proves as crosscall does, with workers on
// many machines, which NATS JetStream connects. docs/cluster.md says how.
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
		Use:   "crosscall-cluster",
		Short: "Check, audit and prove as crosscall does, on many machines",
	}
	e := new(engine)
	root.AddCommand(cli.AuditCommand(e.cli()), cli.CheckCommand(e.cli()), cli.ProveCommand(e.cli()),
		serverCommand(), simulateCommand(), cli.VersionCommand(), workerCommand())
	return cli.Run(ctx, root, args, stdout, stderr)
}
