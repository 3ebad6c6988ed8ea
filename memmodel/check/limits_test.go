package check

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crosscall/memmodel/internal/model"
)

// TestLimits: limits on time and memory, and interrupts, end any test, and a verdict that
// is not known is incomplete.
func TestLimits(t *testing.T) {
	dir := t.TempDir()
	threads := func(n int, body string) string {
		var b strings.Builder
		fmt.Fprintf(&b, "C test\n\n{}\n\n")
		for i := range n {
			fmt.Fprintf(&b, "P%d(int *x)\n{\n%s}\n\n", i, strings.ReplaceAll(body, "#", fmt.Sprint(i+1)))
		}
		b.WriteString("exists (x=-1)\n")
		return b.String()
	}
	inputs := map[string]string{
		"writers.litmus": threads(100, "\tWRITE_ONCE(*x, #);\n"),
		"long.litmus":    threads(2, strings.Repeat("\tWRITE_ONCE(*x, #);\n", 400)),
		"parens.c":       "int x = " + strings.Repeat("(", 100000) + "1" + strings.Repeat(")", 100000) + ";\nvoid P0(void) { }\n",
		"ranks.c":        "int x" + strings.Repeat("[1]", 8000) + ";\nvoid P0(void) { }\n",
		"many.litmus":    threads(8, "\tWRITE_ONCE(*x, #);\n\tint r0 = READ_ONCE(*x);\n\tint r1 = READ_ONCE(*x);\n"),
	}
	for name, src := range inputs {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(src), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	limits := map[string]struct {
		options   Options
		interrupt time.Duration
		reason    string
	}{
		"timeout":   {Options{Timeout: 50 * time.Millisecond}, time.Hour, "timeout: more than 50ms"},
		"interrupt": {Options{}, 50 * time.Millisecond, interrupted},
		"memory":    {Options{Memory: 1}, time.Hour, "memory: more than 0 MB"},
	}
	for kind, l := range limits {
		for name := range inputs {
			if kind == "memory" && name != "many.litmus" {
				continue
			}
			t.Run(kind+"/"+name, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), l.interrupt)
				defer cancel()
				b := &Batch{Models: []*model.Model{lkmm(t)}, Files: []File{{filepath.Join(dir, name), name}}, Options: l.options}
				err := b.Run(ctx, func(row *Row) error {
					if row.NotRun {
						return nil // interrupted before it began, on a busy machine
					}
					r := row.Results[0]
					if r.Verdict == Error && strings.HasSuffix(name, ".c") {
						return nil // the test was refused before the limit
					}
					if r.Verdict != Incomplete || r.Complete || !strings.HasPrefix(r.Reason, l.reason) {
						t.Errorf("%s, complete %t, %q, %v", r.Verdict, r.Complete, r.Reason, r.Err)
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// TestWithin: work that does not stop is abandoned after a grace period.
func TestWithin(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	release, left := make(chan bool), make(chan bool)
	begin := time.Now()
	time.AfterFunc(10*time.Millisecond, cancel)
	v, ok := Within(ctx, func() int {
		defer close(left)
		<-release
		return 1
	})
	if ok || v != 0 || time.Since(begin) < grace {
		t.Errorf("%d, %t after %v", v, ok, time.Since(begin))
	}
	close(release)
	<-left
	if v, ok := Within(t.Context(), func() int { return 2 }); !ok || v != 2 {
		t.Errorf("%d, %t", v, ok)
	}
	if v, ok := Within(ctx, func() int { return 3 }); !ok || v != 3 {
		t.Errorf("%d, %t: what stops in time counts", v, ok)
	}
}
