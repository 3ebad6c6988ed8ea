package check

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// A JournalFile is a file of JSON lines that runs add to. Each line begins with the
// field "key". Only one run at a time can have it open.
type JournalFile struct{ file *os.File }

// OpenJournalFile opens the named file, or creates it, and gives its lines to load. A last
// line that is cut off is dropped. It is an error if load refuses another, and the file is
// not changed then.
func OpenJournalFile(name string, load func(line []byte) bool) (*JournalFile, error) {
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	if err := loadLines(file, name, load); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &JournalFile{file}, nil
}

func loadLines(file *os.File, name string, load func(line []byte) bool) error {
	if err := lockFile(file); err != nil {
		return fmt.Errorf("%s: another run has it (%w): wait for that, or give this one a file of its own", name, err)
	}
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return errors.Join(err, fmt.Errorf("%s: not a regular file, which --resume needs", name))
	}
	data, err := io.ReadAll(file)
	if err != nil {
		return err
	}
	whole := bytes.LastIndexByte(data, '\n') + 1
	for n, line := range bytes.Split(data[:whole], []byte("\n")) {
		if len(line) > 0 && !load(line) {
			return fmt.Errorf("%s:%d: not a line that --resume wrote; give it a file of its own", name, n+1)
		}
	}
	if torn := data[whole:]; !isCutOff(torn) {
		return fmt.Errorf("%s: not a file that --resume wrote; give it a file of its own", name)
	}
	if err := file.Truncate(int64(whole)); err != nil {
		return err
	}
	_, err = file.Seek(int64(whole), io.SeekStart)
	return err
}

// isCutOff reports whether torn may be the beginning of a line.
func isCutOff(torn []byte) bool {
	begin := []byte(`{"key":"`)
	n := min(len(torn), len(begin))
	return bytes.Equal(torn[:n], begin[:n])
}

// Add writes v as a line.
func (f *JournalFile) Add(v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = f.file.Write(append(line, '\n'))
	return err
}

// Close closes the file.
func (f *JournalFile) Close() error { return f.file.Close() }
