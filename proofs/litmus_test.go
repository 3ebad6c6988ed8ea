package proofs

import (
	"fmt"
	"strings"
	"testing"
	"text/tabwriter"

	"crosscall/internal/golden"
	"crosscall/memmodel/check"
)

// The cores of questions, as litmus tests, under every model. Under LKMM herd7
// gives the same verdicts.
func TestLitmus(t *testing.T) {
	files, err := check.Find([]string{"litmus"})
	if err != nil {
		t.Fatal(err)
	}
	b := &check.Batch{Files: files}
	for _, name := range models {
		m, err := check.LoadModel(name)
		if err != nil {
			t.Fatal(err)
		}
		b.Models = append(b.Models, m)
	}
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "\t%s\n", strings.Join(models, "\t"))
	err = b.Run(t.Context(), func(row *check.Row) error {
		line := row.File.Rel
		for _, r := range row.Results {
			if r.Err != nil {
				t.Error(r.Err)
			}
			line += "\t" + string(r.Observation)
		}
		if said := row.Results[0].Observation; string(said) != row.Said {
			t.Errorf("%s: %s under LKMM; the file says %s", row.File.Rel, said, row.Said)
		}
		_, err := fmt.Fprintln(table, line)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := table.Flush(); err != nil {
		t.Fatal(err)
	}
	golden.Compare(t, "testdata/litmus.txt", text.String())
}
