package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"crosscall/cmd/crosscall/internal/page"
	"crosscall/cmd/crosscall/internal/serve"
	"crosscall/cmd/internal/cli"

	"github.com/spf13/cobra"
)

type serveFlags struct {
	addr       string
	static     string
	timeout    time.Duration
	memory     int64 // in megabytes
	concurrent int
	queue      int
	wait       time.Duration
	hosts      []string
	worker     bool
}

func serveCommand() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve [flags]",
		Short: "Serve a page that checks tests in a browser, or write it for any web server",
		Long: `Serve a page on which litmus tests and C programs are written, checked and audited.
Executions are pictures that can be explored. The review of 2011 is a tour.

A process of its own answers each request, within --timeout and --memory. At most
--concurrent requests are worked on at a time, at most --queue wait, and others
are refused. A program can include the checker's own headers and no other file.

--static writes the same page for any web server, with the checker as WebAssembly:
nothing that is checked leaves the browser. It takes a checkout of crosscall and
the go command. The page has some 5 MB.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.addr, "addr", "localhost:8080", "serve on `HOST:PORT`")
	flags.StringVar(&f.static, "static", "", "write the page with the checker as WebAssembly into `DIR`, and serve nothing")
	flags.DurationVar(&f.timeout, "timeout", 20*time.Second, "end a request after this time, as incomplete")
	flags.Int64Var(&f.memory, "memory", 1024, "end a request that takes more than `MB` megabytes of memory, as incomplete")
	flags.IntVar(&f.concurrent, "concurrent", runtime.NumCPU(), "work on `N` requests at a time")
	flags.IntVar(&f.queue, "queue", 64, "let `N` requests wait, and refuse any more")
	flags.DurationVar(&f.wait, "wait", 30*time.Second, "refuse a request that has waited this long")
	flags.StringSliceVar(&f.hosts, "host", nil, "answer requests for these `NAMES`, too: others than localhost, addresses and the host of --addr are refused")
	flags.BoolVar(&f.worker, "worker", false, "answer a request on stdin: what the server runs")
	_ = flags.MarkHidden("worker") // there is such a flag
	return cmd
}

func (f *serveFlags) run(cmd *cobra.Command) error {
	if err := f.validate(); err != nil {
		return cli.Usage(err)
	}
	switch {
	case f.worker:
		return serve.Work(cmd.Context(), cmd.InOrStdin(), cmd.OutOrStdout(), page.Limits{Timeout: f.timeout, Memory: f.memory << 20, Workers: 1})
	case f.static != "":
		if err := page.WriteStatic(cmd.Context(), f.static, cli.Version()); err != nil {
			return err
		}
		_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s is complete: let any web server serve it\n", f.static)
		return err
	}
	return f.serve(cmd)
}

func (f *serveFlags) validate() error {
	switch {
	case f.timeout <= 0:
		return fmt.Errorf("--timeout %v: must be more than 0", f.timeout)
	case f.memory < 64:
		return fmt.Errorf("--memory %d: must be 64 or more", f.memory)
	case f.concurrent < 1:
		return fmt.Errorf("--concurrent %d: must be 1 or more", f.concurrent)
	case f.queue < 0:
		return fmt.Errorf("--queue %d: must not be negative", f.queue)
	case f.wait <= 0:
		return fmt.Errorf("--wait %v: must be more than 0", f.wait)
	}
	return nil
}

func (f *serveFlags) serve(cmd *cobra.Command) (err error) {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	empty, err := os.MkdirTemp("", "crosscall-serve") // where workers run
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(empty)) }()
	var listen net.ListenConfig
	l, err := listen.Listen(cmd.Context(), "tcp", f.addr)
	if err != nil {
		return cli.Usage(fmt.Errorf("--addr %s: %w", f.addr, err))
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "http://%s/\n", l.Addr())
	return serve.Run(cmd.Context(), l, serve.Options{
		Timeout: f.timeout, Memory: f.memory << 20, Concurrent: f.concurrent, Queue: f.queue, Wait: f.wait, Hosts: f.names(), Version: cli.Version(),
		Worker: func(l page.Limits) *exec.Cmd {
			worker := exec.CommandContext(context.Background(), program, "serve", "--worker",
				"--timeout", l.Timeout.String(), "--memory", fmt.Sprint(l.Memory>>20))
			worker.Dir = empty
			return worker
		},
		Log: func(format string, args ...any) { fmt.Fprintf(cmd.ErrOrStderr(), format+"\n", args...) },
	})
}

// names are the server's names: those of --host, and that of --addr.
func (f *serveFlags) names() (list []string) {
	host, _, err := net.SplitHostPort(f.addr)
	if err != nil { // it was listened on, so it has a port
		host = ""
	}
	for _, name := range append(f.hosts, host) {
		if name != "" {
			list = append(list, strings.ToLower(name))
		}
	}
	return list
}
