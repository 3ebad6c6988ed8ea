package gotest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// A test that takes long asks for a second process to explore it, by a file in the folder
// of the claims: package hook has the names of these files.

// mayShare reports whether a test of p may be explored by two processes. With a bound other
// than time, the two would not explore what one does.
func (o *Options) mayShare(p *pkg) bool {
	return o.mayHelp(p) && o.Replay == "" && o.Walks == 0 && o.Preemptions < 0 && o.Executions == 0
}

// shareAfter is how long a test is explored before it asks. The second process needs some
// tenths of a second to begin.
const shareAfter = time.Second

// assistEvery is how often it is looked whether a test asks.
const assistEvery = 50 * time.Millisecond

// assist runs a process for each test that asks for it, one at a time, as soon as there is
// a slot. The slot of the first process is free when done is closed.
func (t *testRun) assist(ctx context.Context, slots, done, end chan struct{}) {
	tick := time.NewTicker(assistEvery)
	defer tick.Stop()
	assisted := map[string]bool{}
	for {
		select {
		case <-tick.C:
		case <-end:
			return
		}
		for _, test := range t.asking() {
			if assisted[test] {
				continue
			}
			select {
			case slots <- struct{}{}:
				t.assistant(ctx, test)
				<-slots
			case <-done:
				t.assistant(ctx, test)
			case <-end:
				return
			}
			assisted[test] = true
		}
	}
}

// asking are the numbers of the tests that have asked.
func (t *testRun) asking() (tests []string) {
	names, _ := filepath.Glob(t.exchanged("want", "*")) // the pattern is right
	for _, name := range names {
		if id := strings.TrimPrefix(filepath.Base(name), "want-"); !strings.HasSuffix(id, "~") {
			tests = append(tests, id)
		}
	}
	return tests
}

// exchanged is a file that the two processes exchange.
func (t *testRun) exchanged(kind, test string) string {
	return filepath.Join(t.claims(), kind+"-"+test)
}

// assistant runs the second process for a test. The first process prints its results.
func (t *testRun) assistant(ctx context.Context, test string) {
	if _, err := os.Stat(t.exchanged("end", test)); err == nil {
		return
	}
	s := append(t.o.settings(t.p, t.dir, ""), "claims="+t.claims(), "assists="+test)
	_ = t.command(ctx, t.p, t.binary, s).Run()              // the first process goes on alone
	_ = os.WriteFile(t.exchanged("gone", test), nil, 0o666) // it notices that later otherwise
}

// endAssistants ends the second processes for tests of the process c, which has ended.
func (t *testRun) endAssistants(c *exec.Cmd) {
	for _, test := range t.asking() {
		if by, err := os.ReadFile(t.exchanged("want", test)); err == nil && c.Process != nil && string(by) == fmt.Sprint(c.Process.Pid) {
			_ = os.WriteFile(t.exchanged("end", test), nil, 0o666) // the second process ends in any case when the folder is removed
		}
	}
}
