package cli

import (
	"errors"
	"io"
	"os"

	"crosscall/memmodel/check/report"
)

// reports are the files that check writes for other programs.
type reports struct {
	junit, sarif string // files
	github       bool

	findings []report.Finding
}

func (r *reports) any() bool { return r.junit != "" || r.sarif != "" || r.github }

func (r *reports) write(stderr io.Writer) error {
	var errs []error
	if r.junit != "" {
		errs = append(errs, writeFile(r.junit, func(w io.Writer) error { return report.JUnit(w, r.findings) }))
	}
	if r.sarif != "" {
		errs = append(errs, writeFile(r.sarif, func(w io.Writer) error { return report.SARIF(w, r.findings, Version()) }))
	}
	if r.github {
		errs = append(errs, report.Annotations(stderr, r.findings))
	}
	return errors.Join(errs...)
}

// writeFile writes a file whole, or leaves none.
func writeFile(name string, write func(io.Writer) error) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	err = errors.Join(write(file), file.Close())
	if err != nil {
		removeOutput(name)
	}
	return err
}

// removeOutput removes an incomplete output, unless it is a device or a pipe.
func removeOutput(name string) {
	if info, err := os.Lstat(name); err == nil && info.Mode().IsRegular() {
		_ = os.Remove(name)
	}
}
