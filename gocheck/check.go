package gocheck

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"runtime/debug"
	"strings"
	"testing"

	"crosscall/gocheck/internal/sched"
)

// ReplayVariable is the environment variable with a seed: Check then runs only
// the execution of that seed.
const ReplayVariable = "GOCHECK_REPLAY"

// PictureVariable is the environment variable with the name of a file: Check
// writes the picture of a failure there, as SVG or, if it ends in .html, as a page.
const PictureVariable = "GOCHECK_PICTURE"

// Check fails t unless every execution of body passes. An incomplete
// exploration fails too: to accept one, use Explore.
func Check(t testing.TB, o Options, body func(t *T)) Result {
	t.Helper()
	if seed := os.Getenv(ReplayVariable); seed != "" {
		Replay(t, seed, body)
		return Result{}
	}
	r, err := Explore(context.Background(), o, body)
	switch {
	case err != nil:
		t.Fatal(err)
	case r.Failure != nil:
		writeReport(t, r.Failure)
		t.Fatalf("%sto run this execution again: %s=%s %s\n%s", r.Failure, ReplayVariable, r.Failure.Seed, testCommand(t.Name()), r)
	case !r.Complete:
		t.Fatal(r)
	}
	return r
}

// testCommand is the command that runs one test of the present package.
func testCommand(name string) string {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	pattern := strings.ReplaceAll(strings.Join(parts, "/"), "'", `'\''`)
	command := fmt.Sprintf("go test -run '%s'", pattern)
	if b, ok := debug.ReadBuildInfo(); ok && strings.HasSuffix(b.Path, ".test") {
		command += " " + strings.TrimSuffix(b.Path, ".test")
	}
	return command
}

// Replay runs the one execution of a failure's seed, and logs it step by step. t
// fails if the execution still does.
func Replay(t testing.TB, seed string, body func(t *T)) {
	t.Helper()
	s, err := sched.ParseSchedule(seed)
	if err != nil {
		t.Fatalf("gocheck: seed %q: %v", seed, err)
	}
	f := run(context.Background(), Options{}, s, body).Failure
	f.Seed = seed
	writeReport(t, f)
	if f.Kind != "" {
		t.Fatal(f)
	}
	t.Logf("this execution passes%s", f)
}

// writeReport writes the picture, if PictureVariable is set.
func writeReport(t testing.TB, f *Failure) {
	t.Helper()
	name := os.Getenv(PictureVariable)
	if name == "" {
		return
	}
	if err := writePicture(name, f, t.Name()); err != nil {
		t.Error(fmt.Errorf("gocheck: picture: %w", err))
	}
}
