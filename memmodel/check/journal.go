package check

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"

	"crosscall/memmodel/internal/model"
)

// A Journal keeps finished results in a file of JSON lines, so that an interrupted run
// can be resumed. A result is used again if the path and the content of the file, its
// includes, the model, the options and this program are the same. Only one run at a
// time can have it open.
type Journal struct {
	file *JournalFile
	past map[string]*journalLine // by key
}

type journalLine struct {
	Key    string      `json:"key"`
	Result *jsonResult `json:"result"`
}

// OpenJournal opens the journal in the named file, or creates it. A last line
// that is cut off is dropped. Any other line that is not of a journal is an
// error, and the file is not changed.
func OpenJournal(name string) (*Journal, error) {
	j := &Journal{past: map[string]*journalLine{}}
	file, err := OpenJournalFile(name, j.load)
	if err != nil {
		return nil, err
	}
	j.file = file
	return j, nil
}

func (j *Journal) load(line []byte) bool {
	entry := new(journalLine)
	if err := json.Unmarshal(line, entry); err != nil || !isKey(entry.Key) || entry.Result == nil || !entry.Result.wellFormed() {
		return false
	}
	j.past[entry.Key] = entry
	return true
}

// Close closes the file, if there is one.
func (j *Journal) Close() error {
	if j == nil {
		return nil
	}
	return j.file.Close()
}

// find fills row from the journal, if it has all of the row's results. text has all
// inputs of the test.
func (j *Journal) find(row *Row, text string, targets []target) bool {
	if j == nil {
		return false
	}
	var past []*journalLine
	for _, t := range targets {
		key := keyOf(row.File.Path, text, t)
		row.keys = append(row.keys, key)
		if line := j.past[key]; line != nil && line.Result.File == row.File.Path && line.Result.Model == t.model.Name {
			past = append(past, line)
		}
	}
	if len(past) < len(targets) {
		return false
	}
	row.Resumed = true
	for _, line := range past {
		row.Results = append(row.Results, line.Result.result())
	}
	return true
}

// add writes row's results, except errors, which are found again quickly, and
// interrupted ones, which must be computed again.
func (j *Journal) add(row *Row) error {
	if j == nil || row.Resumed || len(row.keys) < len(row.Results) {
		return nil
	}
	for i, r := range row.Results {
		if r.Verdict == Error || r.Reason == interrupted {
			continue
		}
		if err := j.file.Add(journalLine{row.keys[i], r.toJSON()}); err != nil {
			return err
		}
	}
	return nil
}

func keyOf(path, text string, t target) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %s %s", path, t.identity, text)
	return hex.EncodeToString(h.Sum(nil))
}

// isKey reports whether keyOf can have made a key.
func isKey(key string) bool {
	sum, err := hex.DecodeString(key)
	return err == nil && len(sum) == sha256.Size
}

// identify returns a description of all that a result depends on besides the test.
func identify(m *model.Model, o Options) (string, error) {
	plan, err := json.Marshal(m.Plan)
	if err != nil {
		return "", err
	}
	program, err := build()
	if err != nil {
		return "", fmt.Errorf("--resume: this program cannot be read: %w", err)
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%d %v %d %v %v\n%q\n%s\n", program, o.Bound, o.Timeout, o.Memory, o.VerdictOnly, o.NoSymmetry, m.Def, plan)
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Build names this program: two have the same name if they are the same file.
func Build() (string, error) { return build() }

// build is a hash of this program. Its version would not do: two builds of one commit
// may differ.
var build = sync.OnceValues(func() (string, error) {
	name, err := os.Executable()
	if err != nil {
		return "", err
	}
	file, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
})
