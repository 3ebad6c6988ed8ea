package draw

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"crosscall/internal/golden"
	"crosscall/viewer"
)

// wide has eight goroutines and long names.
func wide() *Schedule {
	s := &Schedule{Title: "TestServer/shutdown_while_requests_are_in_flight",
		Failure: "race: G7 writes server.connections[i].statistics.requestsInFlight, which G2 reads, and nothing orders the two:\n  G7 at server_internal_test.go:1234\n  G2 at server.go:567",
		Notes:   []string{"seed: 0m004081081g20g00c"}}
	for i := range 8 {
		s.Columns = append(s.Columns, Column{fmt.Sprintf("G%d", i), fmt.Sprintf("started at ../../internal/server/server_internal_test.go:%d", 100+i)})
	}
	ops := []string{"mu: Lock", "server.connections[i].statistics.requestsInFlight: CompareAndSwap(18446744073709551615, 0) = true", "wg: Done: 3 left", "q.head: Load() = &1"}
	for i := range 24 {
		s.Rows = append(s.Rows, Row{i + 1, i * 5 % 8, ops[i%4], fmt.Sprintf("server.go:%d (from server_internal_test.go:%d)", i, i*i), []Style{Step, Step, Step, Plain}[i%4], "server.go", i})
	}
	s.Rows[10].Style, s.Rows[23].Style = Failing, Failing
	s.Links = []Link{{10, 23, "race"}}
	s.Rows = append(s.Rows, Row{25, 3, `fails: got "a" & <b>`, "server_internal_test.go:99", Failing, "", 0}, Row{0, -1, s.Failure, "", Failing, "", 0})
	return s
}

func TestGolden(t *testing.T) {
	var svg, html bytes.Buffer
	if err := SVG(&svg, wide()); err != nil {
		t.Fatal(err)
	}
	if err := HTML(&html, wide()); err != nil {
		t.Fatal(err)
	}
	golden.Compare(t, filepath.Join("testdata", "wide.svg"), svg.String())
	golden.Compare(t, filepath.Join("testdata", "wide.html"), strings.NewReplacer(viewer.Script(), "(the viewer's script)\n", viewer.Style(), "(the viewer's style)\n").Replace(html.String()))
}

// In every picture each text fits in its box and is complete, and no two boxes
// of a column overlap.
func TestLayout(t *testing.T) {
	text := rapid.StringOfN(rapid.RuneFrom([]rune("abc.:/ <&é")), 0, 120, -1)
	rapid.Check(t, func(t *rapid.T) {
		s := &Schedule{Title: text.Draw(t, "title"), Failure: text.Draw(t, "failure")}
		n := rapid.IntRange(1, 12).Draw(t, "columns")
		for i := range n {
			s.Columns = append(s.Columns, Column{fmt.Sprint("G", i), text.Draw(t, "started")})
		}
		for i := range rapid.IntRange(0, 20).Draw(t, "rows") {
			s.Rows = append(s.Rows, Row{i, rapid.IntRange(-1, n-1).Draw(t, "column"), text.Draw(t, "text"), text.Draw(t, "place"), Step, text.Draw(t, "file"), i})
		}
		p := layout(s)
		last := p.top
		for i, b := range p.boxes {
			if b.y < last || b.x+b.w > p.w || b.y+b.h > p.h {
				t.Fatalf("row %d at %+v overlaps or is outside of %v by %v", i, b, p.w, p.h)
			}
			last = b.y + b.h
			fits(t, b.lines, s.Rows[i].Text, charWide, b.w)
			fits(t, b.place, s.Rows[i].Place, smallWide, b.w)
		}
		var b bytes.Buffer
		if err := SVG(&b, s); err != nil {
			t.Fatal(err)
		}
		if err := xml.Unmarshal(b.Bytes(), new(any)); err != nil {
			t.Fatal(err)
		}
	})
}

func fits(t *rapid.T, lines []string, text string, char, w float64) {
	for _, l := range lines {
		if float64(runes(l))*char > w-2*padding+0.1 {
			t.Fatalf("%q is wider than %v", l, w)
		}
	}
	if squeeze(strings.Join(lines, "")) != squeeze(text) {
		t.Fatalf("%q became %q", text, lines)
	}
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

func TestElided(t *testing.T) {
	s := &Schedule{Columns: []Column{{"G0", ""}}}
	for i := range 10_000 {
		s.Rows = append(s.Rows, Row{Number: i + 1, Text: "x: Load() = 0"})
	}
	s.Links = []Link{{7000, 9999, "race"}}
	e := s.Elided()
	if n := len(e.Rows); n > mostRows+4 {
		t.Errorf("%d rows", n)
	}
	l := e.Links[0]
	if e.Rows[l.From].Number != 7001 || e.Rows[l.To].Number != 10_000 || e.Rows[0].Number != 1 {
		t.Errorf("the link joins %v and %v", e.Rows[l.From], e.Rows[l.To])
	}
	if e.Rows[firstOf].Column != -1 || e.Rows[firstOf+2].Column != -1 {
		t.Error("nothing says that steps are left out")
	}
	if len(s.Rows) != 10_000 {
		t.Error("the schedule itself has changed")
	}
}
