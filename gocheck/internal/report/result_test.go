package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Read returns the results that Write has written.
func TestResultsAreReadAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String()
		small := rapid.IntRange(-1, 100)
		var want []*Result
		var b bytes.Buffer
		for range rapid.IntRange(0, 3).Draw(t, "results") {
			r := &Result{Test: text.Draw(t, "test"), Verdict: text.Draw(t, "verdict"), Reason: text.Draw(t, "reason"), Replay: text.Draw(t, "replay"),
				Executions: rapid.Int64().Draw(t, "executions"), Blocked: 1, Steps: 2}
			if rapid.Bool().Draw(t, "fails") {
				f := &Report{Kind: text.Draw(t, "kind"), Message: text.Draw(t, "message"), Stack: text.Draw(t, "stack"), Seed: "04", Raced: [2]int{0, small.Draw(t, "raced")}}
				for range rapid.IntRange(0, 3).Draw(t, "rows") {
					f.Goroutines = append(f.Goroutines, Goroutine{text.Draw(t, "name"), text.Draw(t, "started")})
					f.Rows = append(f.Rows, Row{small.Draw(t, "goroutine"), text.Draw(t, "text"), text.Draw(t, "place"), text.Draw(t, "file"), small.Draw(t, "line"), Failing, text.Draw(t, "preempts")})
				}
				r.Failure = f
			}
			want = append(want, r)
			if err := r.Write(&b); err != nil {
				t.Fatal(err)
			}
		}
		got, err := Read(&b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestDamagedResults(t *testing.T) {
	for _, text := range []string{"row\t\"0\"\n", "test\t\"x\"\n", "test\tx\n", "failure\n", "test" + strings.Repeat("\t\"\"", 7) + "\nrow" + strings.Repeat("\t\"\"", 7) + "\n"} {
		if _, err := Read(strings.NewReader(text)); err == nil {
			t.Errorf("no error for %q", text)
		}
	}
}

// A panic's stack has only the frames of the program.
func TestProgramStack(t *testing.T) {
	got := programStack(`goroutine 7 [running]:
runtime/debug.Stack()
	/go/src/runtime/debug/stack.go:26 +0x5e
internal/crosscall/sched.(*thread).runJob.func1()
	/go/src/internal/crosscall/sched/thread.go:56 +0x76
panic({0x5bfae0?, 0x60c580?})
	/go/src/runtime/panic.go:860 +0x13a
runtime.mapassign_faststr(0x1)
	/go/src/runtime/map.go:1 +0x1
sync.crosscallGroup(0x1)
	/go/src/sync/crosscall.go:44
example.com/u.(*queue).push(0x1, {0x2, 0x3})
	/u/queue.go:54 +0x3d
example.com/u.TestPush.func1(...)
	/u/queue_test.go:9
internal/crosscall/hook.spawn.func1()
	/go/src/internal/crosscall/hook/hook.go:98 +0x48
created by internal/crosscall/sched.newCoro in goroutine 5
	/go/src/runtime/crosscall.go:352 +0x13
`)
	want := "  example.com/u.(*queue).push\n      /u/queue.go:54\n  example.com/u.TestPush.func1\n      /u/queue_test.go:9"
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}
