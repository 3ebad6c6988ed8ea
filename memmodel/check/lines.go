package check

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// OpenLines opens a file of JSON lines in which --resume keeps results, or creates it. This run
// has the file until it closes it: it is an error if another run has it. take gets each
// line, and reports whether it is one that was written. A last line that is cut off is
// dropped. Any other line that was not written is an error, and the file is not changed.
// What is written then goes to the end.
func OpenLines(name string, take func(line []byte) bool) (*os.File, error) {
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	if err := lockFile(file); err != nil {
		err = fmt.Errorf("%s: another run has it (%w): wait for that, or give this one a file of its own", name, err)
		return nil, errors.Join(err, file.Close())
	}
	if err := loadLines(file, name, take); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

func loadLines(file *os.File, name string, take func(line []byte) bool) error {
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return errors.Join(err, fmt.Errorf("%s: not a regular file, which --resume needs", name))
	}
	data, err := io.ReadAll(file)
	if err != nil {
		return err
	}
	whole := bytes.LastIndexByte(data, '\n') + 1
	for n, line := range bytes.Split(data[:whole], []byte("\n")) {
		if len(line) > 0 && !take(line) {
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
