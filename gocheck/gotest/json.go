package gotest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strings"

	"crosscall/gocheck/internal/report"
)

// events runs write, which writes a package's output, and returns the events that go test
// -json would print for it. The converter ends when its input does, also after an
// interrupt.
func (r *runner) events(ctx context.Context, p *pkg, write func(io.Writer)) ([]byte, error) {
	c := r.goTool.Command(context.WithoutCancel(ctx), "tool", "test2json", "-t", "-p", p.ImportPath)
	apart(c)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	in, err := c.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := c.Start(); err != nil {
		return nil, err
	}
	write(in)
	_ = in.Close() // if the converter has ended, Wait says so
	err = c.Wait()
	return out.Bytes(), err
}

// buildEvents are the events of a build that has failed.
func buildEvents(p *pkg, out []byte) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	built := builtPackage(p, out)
	type event struct{ ImportPath, Action, Output string }
	for line := range bytes.Lines(out) {
		_ = e.Encode(event{built, "build-output", string(line)}) // a Buffer never fails
	}
	_ = e.Encode(struct{ ImportPath, Action string }{built, "build-fail"})
	return b.Bytes()
}

// builtPackage is the go command's name of the package that it could not build, from
// the first line of its output.
func builtPackage(p *pkg, out []byte) string {
	first, _, _ := strings.Cut(string(out), "\n")
	if name, ok := strings.CutPrefix(first, "# "); ok {
		return name
	}
	return p.ImportPath
}

// An exploration is the field Exploration of the event for the end of a test.
type exploration struct {
	Verdict                    string
	Reason                     string `json:",omitempty"`
	Executions, Blocked, Steps int64
	Failure                    *failure `json:",omitempty"`
}

type failure struct {
	Kind, Message string
	Stack         string `json:",omitempty"`
	Preemptions   string
	Schedule      []step
	Goroutines    []report.Goroutine
	Seed, Replay  string
}

type step struct {
	Goroutine, Text string
	File            string `json:",omitempty"`
	Line            int    `json:",omitempty"`
	Preempts        string `json:",omitempty"`
	Failing         bool   `json:",omitempty"`
}

func explorationOf(r *report.Result) exploration {
	e := exploration{Verdict: r.Verdict, Reason: r.Reason, Executions: r.Executions, Blocked: r.Blocked, Steps: r.Steps}
	if f := r.Failure; f != nil {
		e.Failure = &failure{Kind: f.Kind, Message: f.Message, Stack: f.Stack, Preemptions: f.Preemptions,
			Goroutines: f.Goroutines, Seed: f.Seed, Replay: r.Replay}
		for _, row := range f.Rows {
			e.Failure.Schedule = append(e.Failure.Schedule,
				step{f.Goroutines[row.Goroutine].Name, row.Text, row.File, row.Line, row.Preempts, row.Style == report.Failing})
		}
	}
	return e
}

// withResults adds the results of tests to the events that end them.
func withResults(events []byte, results []*report.Result) []byte {
	for _, r := range results {
		for _, action := range []string{"pass", "fail", "skip"} {
			events = withField(events, action, r.Test, "Exploration", explorationOf(r))
		}
	}
	return events
}

// withField adds a field to the events with an action and a test.
func withField(events []byte, action, test, name string, value any) []byte {
	field, err := json.Marshal(map[string]any{name: value})
	if err != nil {
		return events
	}
	var out []byte
	for line := range bytes.Lines(events) {
		var e struct{ Action, Test string }
		if json.Unmarshal(line, &e) == nil && e.Action == action && e.Test == test {
			line = append(bytes.TrimSuffix(bytes.TrimSpace(line), []byte("}")), ',')
			line = append(append(line, field[1:]...), '\n')
		}
		out = append(out, line...)
	}
	return out
}
