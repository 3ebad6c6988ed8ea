package run

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"crosscall/memmodel/check"
)

// A Journal keeps finished reports in a file of JSON lines, so that a campaign that was
// interrupted can go on where it was. A report counts again if the test, the options, the
// model and the machine are the same.
type Journal struct {
	file *os.File
	past map[string]*Report
}

type journalLine struct {
	Key    string  `json:"key"`
	Report *Report `json:"report"`
}

// OpenJournal opens the journal in the named file, or begins one. One run at a time can have
// it open. A last line that was cut
// off is dropped; any other that is not a journal's is an error.
func OpenJournal(name string) (*Journal, error) {
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	if err := check.LockJournal(file, name); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	j := &Journal{file, map[string]*Report{}}
	if err := j.load(name); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return j, nil
}

func (j *Journal) load(name string) error {
	data, err := io.ReadAll(j.file)
	if err != nil {
		return err
	}
	whole := bytes.LastIndexByte(data, '\n') + 1
	n := 0
	for line := range bytes.Lines(data[:whole]) {
		n++
		entry := new(journalLine)
		if err := json.Unmarshal(line, entry); err != nil || entry.Key == "" || entry.Report == nil {
			return fmt.Errorf("%s:%d: not a line that --resume wrote; give it a file of its own", name, n)
		}
		j.past[entry.Key] = entry.Report
	}
	if whole == 0 && len(data) > 0 {
		return fmt.Errorf("%s: not a file that --resume wrote; give it a file of its own", name)
	}
	if err := j.file.Truncate(int64(whole)); err != nil {
		return err
	}
	_, err = j.file.Seek(int64(whole), io.SeekStart)
	return err
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
	line, err := json.Marshal(journalLine{key, r})
	if err != nil {
		return err
	}
	_, err = j.file.Write(append(line, '\n'))
	return err
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
