package run

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"crosscall/memmodel/check"
)

// A Journal keeps finished reports in a file of JSON lines, so that a campaign that was
// interrupted can go on where it was. A report counts again if the test, the options, the
// model and the machine are the same.
type Journal struct {
	file *check.JournalFile
	past map[string]*Report
}

type journalLine struct {
	Key    string  `json:"key"`
	Report *Report `json:"report"`
}

// OpenJournal opens the journal in the named file, or creates it, as check.OpenJournal does.
func OpenJournal(name string) (*Journal, error) {
	j := &Journal{past: map[string]*Report{}}
	file, err := check.OpenJournalFile(name, j.load)
	if err != nil {
		return nil, err
	}
	j.file = file
	return j, nil
}

func (j *Journal) load(line []byte) bool {
	entry := new(journalLine)
	if err := json.Unmarshal(line, entry); err != nil || entry.Key == "" || entry.Report == nil || !entry.Report.wellFormed() {
		return false
	}
	j.past[entry.Key] = entry.Report
	return true
}

// wellFormed reports whether r can be the report of a test that has run to its end. It is
// checked because reports that are read back decide exit codes.
func (r *Report) wellFormed() bool {
	seen := int64(0)
	forbidden := 0
	for _, s := range r.States {
		if s.Count < 0 {
			return false
		}
		seen += s.Count
		if s.Model == forbiddenSeen {
			forbidden++
		}
	}
	return (r.Status == Fine && r.Forbidden == 0 || r.Status == Contradicted && r.Forbidden > 0) &&
		r.File != "" && r.Test != "" && r.Arch != "" && r.Err == "" &&
		r.Forbidden == forbidden && r.Instances == seen && r.Positive+r.Negative == seen &&
		min(r.Instances, r.Positive, r.Negative, int64(r.Slices), int64(r.Thrown), int64(r.Allowed), int64(r.Seen)) >= 0
}

// Find is the report that the journal has of a test; nil if it has none. A nil Journal has
// none.
func (j *Journal) Find(key string) *Report {
	if j == nil {
		return nil
	}
	return j.past[key]
}

// Add keeps a report, unless the test was interrupted or has not run.
func (j *Journal) Add(key string, r *Report) error {
	if j == nil || r.Status != Fine && r.Status != Contradicted {
		return nil
	}
	return j.file.Add(journalLine{key, r})
}

// Close closes the file.
func (j *Journal) Close() error {
	if j == nil {
		return nil
	}
	return j.file.Close()
}

// Key is what has to be the same for a report to count again.
func (m *Machine) Key(path string, src []byte, o Options, model string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00%s\x00%+v\x00%s\x00%s\x00%v", path, src, o, model, m.Arch, m.cpus)
	return hex.EncodeToString(h.Sum(nil)[:16])
}
