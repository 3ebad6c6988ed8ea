package check

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"
	"time"

	"crosscall/memmodel/internal/model"
)

const corpus = "../../../shared/litmus"

// corpusLimit ends tests with too many executions to list. All tests that herd7
// lists take seconds.
const corpusLimit = 10 * time.Second

// corpusFiles returns the tests that the table of herd7's answers has: those
// whose executions herd7 can list, and the others.
func corpusFiles(t *testing.T) (listed, others []File, table *Expectations) {
	t.Helper()
	name := filepath.Join(corpus, "expected.csv")
	file, err := os.Open(name)
	if err != nil {
		t.Skip("no corpus: ", err)
	}
	defer file.Close()
	table, err = ReadExpectations(name)
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	step := 1
	if testing.Short() {
		step = 3
	}
	for i := 1; i < len(records); i += step {
		rel := records[i][0]
		f := File{filepath.Join(corpus, rel), rel}
		if table.Of(f).Loose {
			others = append(others, f)
		} else {
			listed = append(listed, f)
		}
	}
	return listed, others, table
}

func compareAll(t *testing.T, files []File, table *Expectations, o Options) {
	t.Helper()
	s := new(Summary)
	b := &Batch{Files: files, Models: []*model.Model{lkmm(t)}, Options: o}
	err := b.Run(t.Context(), func(row *Row) error {
		e := table.Of(row.File)
		r := row.Results[0]
		s.Add(r, e)
		how, why := Compare(r, e)
		nobodyKnows := e.Observation == Unknown
		if how != Agrees && !nobodyKnows {
			t.Errorf("%s: %s", row.File.Rel, why)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d tests, %d agree, %d differ, %d incomplete, %d errors", s.Tests,
		s.Counts[Agrees], s.Counts[Differs], s.Counts[NotFinished], s.Counts[Failed])
}

// The results are those of herd7: the same observation, number of states, and
// flags.
func TestCorpusAgreesWithHerd(t *testing.T) {
	listed, _, table := corpusFiles(t)
	compareAll(t, listed, table, Options{Timeout: corpusLimit})
}

// The verdicts of all tests agree, also of those that herd7 cannot list.
func TestCorpusAgreesWithHerdByTheVerdictAlone(t *testing.T) {
	listed, others, table := corpusFiles(t)
	compareAll(t, append(listed, others...), table, Options{Timeout: corpusLimit, VerdictOnly: true})
}
