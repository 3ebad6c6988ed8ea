package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"crosscall/cmd/internal/cli"
	"crosscall/gocheck/gotest"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func gotestCommand() *cobra.Command {
	var o gotest.Options
	cmd := &cobra.Command{
		Use:   "gotest [flags] [packages] [-args ...]",
		Short: "Run Go tests in every interleaving of their goroutines",
		Long: `Run the tests of Go packages, each in every interleaving of its goroutines that
differs. The packages need not know of crosscall: nothing in their source, their
imports or their go.mod changes, and the Go that is installed compiles them.

A test fails if some execution of it does: if it reports a failure or panics, if
goroutines deadlock or one of them never ends, if two accesses race, if a lock or a
channel is misused. The schedule of that execution is printed beneath it.

If a bound ends the exploration of a test, the test is incomplete. That is no pass
unless --allow-incomplete is given. A test with too many executions can be explored
with few preemptions (--preemptions 2) or by random walks (--walks 10000).

Flags can be written with one dash, as those of go test.

The exit code is that of go test: 0 if all tests pass, 1 if some fail, are incomplete
or do not build, and 2 for a command line that is wrong.`,
		DisableFlagParsing: true,
	}
	flags := pflag.NewFlagSet("gotest", pflag.ContinueOnError)
	flags.StringVar(&o.Run, "run", "", "run only tests that match this `REGEXP`")
	flags.StringVar(&o.Skip, "skip", "", "leave out tests that match this `REGEXP`")
	flags.BoolVar(&o.Short, "short", false, "as go test -short: tests see testing.Short()")
	flags.BoolVarP(&o.Verbose, "v", "v", false, "print the result of each test")
	flags.BoolVar(&o.JSON, "json", false, "print events as go test -json does")
	flags.BoolVar(&o.FailFast, "failfast", false, "start no test after one has failed")
	flags.IntVar(&o.Count, "count", 1, "run each test `N` times; nothing of a test is cached")
	flags.DurationVar(&o.Timeout, "timeout", 10*time.Minute, "end a package's tests after this time; 0: never")
	flags.StringVar(&o.Tags, "tags", "", "build with these `TAGS`")
	flags.StringVar(&o.Mod, "mod", "", "`MODE` of module downloads: readonly, vendor or mod")
	flags.IntVar(&o.Steps, "steps", gotest.DefaultSteps, "let an execution have `N` steps")
	flags.Int64Var(&o.Executions, "executions", 0, "explore at most `N` executions of a test (default: no bound)")
	flags.DurationVar(&o.Time, "time", time.Minute, "explore a test for at most this time; 0: no bound")
	flags.IntVar(&o.Preemptions, "preemptions", -1, "interrupt goroutines at most `N` times in an execution (default: no bound)")
	flags.Lookup("preemptions").DefValue = "0" // which help does not print
	flags.Int64Var(&o.Walks, "walks", 0, "run `N` random executions in place of all")
	flags.Uint64Var(&o.Seed, "seed", 0, "`SEED` of the random executions")
	flags.StringVar(&o.Timers, "timers", gotest.Clock, "`WHEN` timers fire and sleeps end: by the virtual clock (clock), at any time after their start (any), or one after the other (both)")
	flags.BoolVar(&o.NoRaces, "no-races", false, "races are no failures, so that other failures are found; a pass is no proof then")
	flags.BoolVar(&o.NoLeaks, "no-leaks", false, "a goroutine that outlives its test is no failure, so that other failures are found")
	flags.BoolVar(&o.TimedLeaks, "timed-leaks", false, "a goroutine that goes on forever by timers or sleeps after its test has returned is a leak")
	flags.StringVar(&o.Replay, "replay", "", "run only the execution of this `SEED`, which a failure has printed")
	flags.BoolVar(&o.AllowIncomplete, "allow-incomplete", false, "a test that is incomplete passes")
	flags.BoolVar(&o.Full, "full", false, "print every step of a failure, those within the standard library too")
	flags.StringVar(&o.HTML, "html", "", "write a page with the pictures of all failures to `FILE`")
	flags.StringVar(&o.SVG, "svg", "", "write the picture of each failure to `FILE`.svg, FILE-2.svg, ...")
	explain := flags.Bool("explain", false, "print what is explored and what is not")
	help := flags.BoolP("help", "h", false, "help for gotest")
	cmd.Flags().AddFlagSet(flags)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		args, o.Args = splitArgs(args)
		if err := flags.Parse(doubleDashes(flags, args)); err != nil {
			return wrongFlags(cmd, err)
		}
		if *help {
			return cmd.Help()
		}
		if *explain {
			_, err := fmt.Fprint(cmd.OutOrStdout(), gotest.Explanation)
			return err
		}
		return runGotest(cmd, &o, flags.Args())
	}
	return cmd
}

// splitArgs splits off the arguments after -args.
func splitArgs(args []string) (own, rest []string) {
	for i, a := range args {
		if a == "-args" || a == "--args" {
			return args[:i], args[i+1:]
		}
	}
	return args, nil
}

// doubleDashes rewrites flags with one dash to those of pflag.
func doubleDashes(flags *pflag.FlagSet, args []string) []string {
	var out []string
	for _, a := range args {
		name, _, _ := strings.Cut(strings.TrimPrefix(a, "-"), "=")
		if strings.HasPrefix(a, "-") && len(name) > 1 && flags.Lookup(name) != nil {
			a = "-" + a
		}
		out = append(out, a)
	}
	return out
}

// wrongFlags is the error for wrong flags, in the form of the go command.
func wrongFlags(cmd *cobra.Command, err error) error {
	text := err.Error()
	if unknown := new(pflag.NotExistError); errors.As(err, &unknown) {
		name, _, _ := strings.Cut(cmp.Or(unknown.GetSpecifiedShortnames(), unknown.GetSpecifiedName()), "=")
		text = "flag provided but not defined: -" + name
	}
	_, err = fmt.Fprintf(cmd.ErrOrStderr(), "%s\nusage: %s\nRun 'crosscall gotest -help' for details.\n", text, cmd.UseLine())
	return errors.Join(cli.ExitStatus(gotest.Usage), err)
}

func runGotest(cmd *cobra.Command, o *gotest.Options, packages []string) error {
	if err := o.Validate(); err != nil {
		return cli.Usage(err)
	}
	if stderr := cmd.ErrOrStderr(); cli.IsTerminal(stderr) {
		o.Progress = stderr
	}
	code, err := gotest.Run(cmd.Context(), o, packages, cmd.OutOrStdout(), cmd.ErrOrStderr())
	switch {
	case errors.Is(err, context.Canceled):
		return errors.New("interrupted")
	case err != nil && code == gotest.Usage:
		return cli.Usage(err)
	case err != nil:
		return err
	case code != gotest.OK:
		return cli.ExitStatus(code)
	}
	return nil
}
