package hook

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"crosscall/gocheck/internal/report"
	"crosscall/gocheck/internal/sched"
)

// outcome describes the result of an exploration, and writes it into the record
// for the command.
func outcome(name string, x *search, d time.Duration) Outcome {
	s, found, reason := x.stats, x.found, x.reason
	r := &report.Result{Test: name, Verdict: "holds", Executions: s.Executions, Blocked: s.Blocked, Steps: s.Steps}
	counts := fmt.Sprintf("%d executions, %d blocked, %d steps, %v", s.Executions, s.Blocked, s.Steps, d.Round(time.Millisecond))
	o := Outcome{Text: "holds: " + counts}
	flags, how := x.flags()
	switch {
	case found != nil && found.Unexplorable():
		r.Verdict, r.Reason = "not explored", strings.Join(found.Text, "\n")
		o = Outcome{Unexplored: true, Text: "not explored: " + r.Reason}
	case found != nil && found.Failed:
		r.Verdict, r.Failure, r.Replay = "fails", report.Of(found, set.show), replayCommand(name, found, flags)
		o = Outcome{Failed: true, Text: fmt.Sprintf("%s%sto run this execution again: %s\nfails: %s", r.Failure.Headline(), r.Failure.Schedule(), r.Replay, counts+how)}
	case set.replay != nil:
		r.Verdict = "passes"
		o = Outcome{Text: "this execution passes\n" + report.Of(found, set.show).Schedule()}
	case reason != "":
		r.Verdict, r.Reason = "incomplete", reason
		o = Outcome{Failed: !set.incomplete, Text: "incomplete: " + reason + ": " + counts}
	}
	if err := record(r); err != nil {
		return Outcome{Failed: true, Text: o.Text + "\n" + err.Error()}
	}
	return o
}

func replayCommand(name string, f *sched.Found, also string) string {
	run := "^" + regexp.QuoteMeta(name) + "$"
	if set.subtests != "" {
		run += "/" + set.subtests
	}
	flags := strings.TrimSpace(set.flags + also)
	if flags != "" {
		flags = " " + flags
	}
	args := set.args
	if args != "" {
		args = " -args " + args
	}
	return fmt.Sprintf("crosscall gotest -run %s -replay %s%s %s%s", quote(run), f.Schedule, flags, set.pkg, args)
}

// quote is s for a shell.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// record adds r to the file for the command.
func record(r *report.Result) error {
	if set.results == "" {
		return nil
	}
	f, err := os.OpenFile(set.results, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	if err := r.Write(f); err != nil {
		return err
	}
	return f.Close()
}
