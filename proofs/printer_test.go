package proofs

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"crosscall/internal/golden"
	"crosscall/memmodel/check"

	"github.com/google/go-cmp/cmp"
)

// rows returns rows of every kind.
func rows() []Row {
	row := func(variant, model string, got, want check.Verdict, reason string) Row {
		return Row{Question: "Q3", Variant: variant, Model: model, Property: "it is right", Bound: "2 CPUs",
			Verdict: got, Expected: want, Executions: 12, Elapsed: 1500 * time.Millisecond, Reason: reason}
	}
	return []Row{
		row("V1", "lkmm", check.Fails, check.Fails, "v1.c:7:1: assert(x) fails"),
		row("V1", "power", check.Holds, check.Fails, ""),
		row("V2 with less", "lkmm", check.Fails, check.Holds, "v2.c:7:1: assert(x) fails"),
		row("V2 with less", "power", check.Incomplete, check.Holds, "timeout: more than 1s"),
		row("V3", "lkmm", check.Incomplete, check.Holds, interrupted),
		row("V3", "power", check.Error, check.Holds, "v3.c:1:1: no such thing"),
		row("VG", goModel, check.Holds, check.Holds, ""),
	}
}

func TestTable(t *testing.T) {
	var b strings.Builder
	p := &Printer{Out: &b}
	p.Begin()
	for _, r := range rows() {
		if err := p.Emit(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Finish(); err != nil {
		t.Fatal(err)
	}
	golden.Compare(t, "testdata/table.txt", regexp.MustCompile(`[0-9.]+ s\.\n$`).ReplaceAllString(b.String(), "N s.\n"))
}

func TestJSON(t *testing.T) {
	var b strings.Builder
	p := &Printer{Out: &b, JSON: true}
	p.Begin()
	r := rows()[0]
	if err := p.Emit(r); err != nil {
		t.Fatal(err)
	}
	if err := p.Finish(); err != nil {
		t.Fatal(err)
	}
	const want = `{"question":"Q3","variant":"V1","model":"lkmm","property":"it is right","verdict":"fails","executions":12,"bound":"2 CPUs","seconds":1.5}` + "\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
	back, err := readRows(strings.NewReader(b.String() + b.String()))
	if err != nil || len(back) != 2 {
		t.Fatalf("%d rows, %v", len(back), err)
	}
	r.Expected, r.Reason = check.Holds, "" // which JSON does not have
	if diff := cmp.Diff(r, back[1]); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []string{"no JSON", `{"question":"Q99"}`, `{"question":"Q3"`} {
		if _, err := readRows(strings.NewReader(bad)); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
}

func TestCode(t *testing.T) {
	all := rows()
	for _, test := range []struct {
		rows []Row
		want int
	}{
		{all[:1], 0},
		{all[6:], 0},
		{all[:2], 1},
		{all[2:3], 1},
		{all[3:5], 3},
		{all[2:5], 1},
		{all, 2},
	} {
		p := &Printer{Out: new(strings.Builder), JSON: true}
		p.Begin()
		for _, r := range test.rows {
			if err := p.Emit(r); err != nil {
				t.Fatal(err)
			}
		}
		if got := p.Code(); got != test.want {
			t.Errorf("%d rows: code %d, want %d", len(test.rows), got, test.want)
		}
	}
}

// The progress line is cleared before anything else is printed.
func TestProgressLine(t *testing.T) {
	var screen strings.Builder
	p := &Printer{Out: &screen, Progress: &screen, JSON: true}
	p.Begin()
	p.Shown(3, 400)
	if err := p.Emit(rows()[0]); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(screen.String(), "\r3/400  0s\x1b[K\r\x1b[K{") {
		t.Errorf("%q", screen.String())
	}
}
