package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"crosscall": main})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exitcode":  exitCode,
			"benchjson": benchJSON,
			"buttime":   butTime,
		},
	})
}

// exitCode CODE ARGS... runs crosscall, and checks its exit code. The output is
// for stdout and stderr as with exec.
func exitCode(ts *testscript.TestScript, _ bool, args []string) {
	code := run(context.Background(), args[1:], ts.Stdout(), ts.Stderr())
	if got := string(rune('0' + code)); got != args[0] {
		ts.Fatalf("exit code %s, want %s", got, args[0])
	}
}

// benchJSON FILE checks that FILE is a report with at least one measure, or
// with the reason why there is none.
func benchJSON(ts *testscript.TestScript, _ bool, args []string) {
	var report struct {
		Measures []struct {
			Name, Unit, Baseline string
			Ratio                float64
		}
		Matrix  [][]float64
		Skipped []struct{ Name, Reason string }
	}
	data, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(json.Unmarshal(data, &report))
	if len(report.Measures)+len(report.Skipped) == 0 {
		ts.Fatalf("nothing measured and nothing skipped: %s", data)
	}
}

func TestAPageReplacesAllOfTheOldOne(t *testing.T) {
	name := filepath.Join(t.TempDir(), "page.html")
	old := bytes.Repeat([]byte("old page\n"), 100_000)
	if err := os.WriteFile(name, old, 0o666); err != nil {
		t.Fatal(err)
	}
	args := []string{"bench", "--html", name, "--only", "matrix", "--time", "1ms"}
	if code := run(t.Context(), args, io.Discard, io.Discard); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	page, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(page, []byte("<!DOCTYPE html>")) || bytes.Contains(page, []byte("old page")) {
		t.Errorf("%d bytes, from %.40q to %.40q", len(page), page, page[max(0, len(page)-40):])
	}
}

// An hour-long run that is interrupted still prints its report.
func TestAnInterruptEndsTheRunNotTheReport(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	var stdout, stderr bytes.Buffer
	args := []string{"bench", "--only", "background-idle,idle-cpu", "--time", "1h"}
	if code := run(ctx, args, &stdout, &stderr); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	if !strings.Contains(stdout.String(), "GOMAXPROCS") || !strings.Contains(stderr.String(), "interrupted") {
		t.Errorf("stdout:\n%s\nstderr:\n%s", &stdout, &stderr)
	}
}
