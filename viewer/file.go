package viewer

import (
	"errors"
	"io"
	"os"
)

// WriteFile writes a file whole. If that fails, no file is left.
func WriteFile(name string, write func(io.Writer) error) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	return EndFile(file, write(file))
}

// EndFile closes a file that was written, and returns err and what closing it says. If
// either is an error, the file may be cut off, and is removed, unless it is a device or a
// pipe. Without a file it returns err.
func EndFile(file *os.File, err error) error {
	if file == nil {
		return err
	}
	if err = errors.Join(err, file.Close()); err == nil {
		return nil
	}
	if info, bad := os.Lstat(file.Name()); bad == nil && info.Mode().IsRegular() {
		_ = os.Remove(file.Name())
	}
	return err
}
