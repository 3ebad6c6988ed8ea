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

// corpusLimit keeps tests with more executions than can be listed from holding
// up the others. All that herd7 lists takes seconds.
const corpusLimit = 10 * time.Second

// corpusFiles gives the tests of others that come with the table of herd7's
// answers: those that herd7 can list, and those that it cannot.
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

// What herd7 lists we list: the same observation, as many states, the same flags.
func TestCorpusAgreesWithHerd(t *testing.T) {
	listed, _, table := corpusFiles(t)
	compareAll(t, listed, table, Options{Timeout: corpusLimit})
}

// By the verdict alone all tests agree, those that herd7 cannot list as well.
func TestCorpusAgreesWithHerdByTheVerdictAlone(t *testing.T) {
	listed, others, table := corpusFiles(t)
	compareAll(t, append(listed, others...), table, Options{Timeout: corpusLimit, VerdictOnly: true})
}
