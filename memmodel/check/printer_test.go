package check

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The line that shows how far things are is gone before anything else is said.
func TestProgressLine(t *testing.T) {
	var screen strings.Builder
	p := &Printer{Out: &screen, Err: &screen, Format: Text, Models: []string{"lkmm"}, Watched: true, SummaryTo: &screen}
	p.Begin()
	p.Progress(0, 2, File{"dir/a.litmus", "a.litmus"})
	result := &Result{File: "dir/a.litmus", Verdict: Holds, Observation: Never, Complete: true}
	if err := p.Emit(&Row{File: File{"dir/a.litmus", "a.litmus"}, Said: "Never", Results: []*Result{result}}); err != nil {
		t.Fatal(err)
	}
	p.Progress(1, 2, File{"dir/b.litmus", "b.litmus"})
	if err := p.Finish(); err != nil {
		t.Fatal(err)
	}
	const want = "\r0/2  0s  a.litmus\x1b[K\r\x1b[K\r1/2  0s  b.litmus\x1b[K\r\x1b[K" +
		"Summary: 1 tests, 1 agree, 0 differ, 0 incomplete, 0 errors, 0 without expectation, 0.00 s\n"
	got := seconds.ReplaceAllString(screen.String(), "0s")
	if diff := cmp.Diff(seconds.ReplaceAllString(want, "0s"), got); diff != "" {
		t.Error(diff)
	}
}

// Progress is told while a test takes long.
func TestProgressOfALongTest(t *testing.T) {
	b := batchOf(t, slices.Repeat([]string{"testdata/huge/huge.litmus"}, 3)...)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	told := 0
	b.Progress = func(done int, f File) {
		if told++; told == 1 && (done != 0 || f != b.Files[0]) {
			t.Errorf("%d done, %v under way", done, f)
		}
		cancel()
	}
	rows := 0
	err := b.Run(ctx, func(*Row) error { rows++; return nil })
	if err != nil || rows != 3 || told == 0 {
		t.Errorf("%d rows, told %d times, error %v", rows, told, err)
	}
}
