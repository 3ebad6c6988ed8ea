package check

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The progress line is cleared before anything else is printed.
func TestProgressLine(t *testing.T) {
	var screen strings.Builder
	p := &Printer{Out: &screen, Err: &screen, Format: Text, Models: []string{"lkmm"}, Watched: true, SummaryTo: &screen}
	p.Begin()
	p.Progress(20, Progress{File: File{"dir/a.litmus", "a.litmus"}})
	result := &Result{File: "dir/a.litmus", Verdict: Holds, Observation: Never, Complete: true}
	if err := p.Emit(&Row{File: File{"dir/a.litmus", "a.litmus"}, Said: "Never", Results: []*Result{result}}); err != nil {
		t.Fatal(err)
	}
	p.Counts[Fails] = 2
	p.begin = time.Now().Add(-30 * time.Second)
	p.Progress(20, Progress{5, File{"dir/b.litmus", "b.litmus"}, 60000, nil})
	if err := p.Finish(); err != nil {
		t.Fatal(err)
	}
	const want = "\r0/20  0s  0 executions, 0 a second  a.litmus\x1b[K\r\x1b[K" +
		"\r5/20  fails 2  30s of some 120s  60000 executions, 2000 a second  b.litmus\x1b[K\r\x1b[K" +
		"Summary: 1 tests, 1 agree, 0 differ, 0 incomplete, 0 errors, 0 without expectation, 30.00 s\n"
	got := regexp.MustCompile(`\b(\d+)\.\d+ s\n`).ReplaceAllString(screen.String(), "$1.00 s\n")
	got = regexp.MustCompile(`(1999|2000) a second`).ReplaceAllString(got, "2000 a second")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The line never wraps: it could not be overwritten.
func TestTheProgressLineFitsTheTerminal(t *testing.T) {
	for width, want := range map[int]string{20: "\r0/20  0s  0 executi\x1b[K", 3: "\r0/\x1b[K"} {
		var screen strings.Builder
		p := &Printer{Out: &screen, Err: &screen, ErrWidth: width}
		p.Begin()
		p.Progress(20, Progress{File: File{"a.litmus", "a.litmus"}})
		if screen.String() != want {
			t.Errorf("%q, want %q", screen.String(), want)
		}
	}
}

// Progress is reported during a long test.
func TestProgressOfALongTest(t *testing.T) {
	b := batchOf(t, slices.Repeat([]string{"testdata/huge/huge.litmus"}, 3)...)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	told := 0
	b.Progress = func(now Progress) {
		if told++; ctx.Err() == nil && (now.Done != 0 || now.File != b.Files[0]) { // those behind it are begun, and given up
			t.Errorf("%+v", now)
		}
		if now.Executions > 0 { // it may be 0 in the first call
			cancel()
		}
	}
	rows := 0
	err := b.Run(ctx, func(*Row) error { rows++; return nil })
	if err != nil || rows != 3 || told == 0 {
		t.Errorf("%d rows, told %d times, error %v", rows, told, err)
	}
}
