package report

import (
	"fmt"
	"strings"
	"testing"
)

// A long schedule is printed without its middle, but with what fails there.
func TestLongSchedules(t *testing.T) {
	r := &Report{}
	for i := range 1000 {
		r.Goroutines = append(r.Goroutines, Goroutine{fmt.Sprintf("G%d", i), "started at x.go:1 by G0"})
		r.Rows = append(r.Rows, Row{Goroutine: i, Text: "x: Load", Style: Step})
	}
	r.Rows[500].Style = Failing
	text := r.Schedule()
	if n := strings.Count(text, "Load"); n != mostRows+1 {
		t.Errorf("%d rows, want %d", n, mostRows+1)
	}
	for _, want := range []string{"… 480 rows are left out here …", "\n  501  G500  x: Load\n", "… 439 rows are left out here …", "\n 1000  G999 ", "G0, G1, G2, … G999: started"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	r.Whole = true
	if n := strings.Count(r.Schedule(), "Load"); n != 1000 {
		t.Errorf("%d rows, want all", n)
	}
}
